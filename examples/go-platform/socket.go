package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// socket is a client's end of a WebSocket (RFC 6455), as far as a feed of text needs it.
type socket struct {
	conn   net.Conn
	reader *bufio.Reader
}

const (
	opContinued = 0
	opText      = 1
	opClose     = 8
	opPing      = 9
	opPong      = 10
	longest     = 16 << 20
)

func dialSocket(address string) (*socket, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout("tcp", at.Host, 3*time.Second)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(3 * time.Second))
	key := make([]byte, 16)
	rand.Read(key)
	path := at.RequestURI()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
		path, at.Host, base64.StdEncoding.EncodeToString(key))
	reader := bufio.NewReader(conn)
	answer, err := http.ReadResponse(reader, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		conn.Close()
		return nil, errors.Join(err, errors.New("no WebSocket"))
	}
	return &socket{conn, reader}, nil
}

// read returns the next text; it fails when none comes until the deadline.
func (s *socket) read(deadline time.Time) ([]byte, error) {
	var text []byte
	for {
		s.conn.SetDeadline(deadline)
		var head [2]byte
		if _, err := io.ReadFull(s.reader, head[:]); err != nil {
			return nil, err
		}
		size := uint64(head[1] & 0x7f)
		if size == 126 {
			var long [2]byte
			if _, err := io.ReadFull(s.reader, long[:]); err != nil {
				return nil, err
			}
			size = uint64(binary.BigEndian.Uint16(long[:]))
		} else if size == 127 {
			var long [8]byte
			if _, err := io.ReadFull(s.reader, long[:]); err != nil {
				return nil, err
			}
			size = binary.BigEndian.Uint64(long[:])
		}
		if size > longest {
			return nil, errors.New("a frame is too long")
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(s.reader, body); err != nil {
			return nil, err
		}
		switch op := head[0] & 0x0f; op {
		case opText, opContinued:
			text = append(text, body...)
			if head[0]&0x80 != 0 {
				return text, nil
			}
		case opPing:
			if err := s.write(opPong, body); err != nil {
				return nil, err
			}
		case opClose:
			return nil, io.EOF
		}
	}
}

func (s *socket) write(op byte, body []byte) error {
	frame := []byte{0x80 | op}
	if len(body) < 126 {
		frame = append(frame, 0x80|byte(len(body)))
	} else {
		frame = append(frame, 0x80|126, byte(len(body)>>8), byte(len(body)))
	}
	mask := make([]byte, 4)
	rand.Read(mask)
	frame = append(frame, mask...)
	for i, each := range body {
		frame = append(frame, each^mask[i%4])
	}
	_, err := s.conn.Write(frame)
	return err
}
