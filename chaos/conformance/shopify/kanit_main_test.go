package toxiproxy_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// WithServer stands in for Shopify's, which starts its server in this process: the tests run against the fault proxy that
// TestMain started, and each leaves no proxy behind.
func WithServer(t *testing.T, f func(string)) {
	defer func() {
		proxies, err := client.Proxies()
		if err != nil {
			t.Error("Failed to list proxies", err)
		}
		for _, proxy := range proxies {
			if err := proxy.Delete(); err != nil {
				t.Error("Failed to delete proxy", err)
			}
		}
	}()
	f(address)
}

const address = "http://localhost:8475"

// upstreams are the servers that the tests' proxies name. The tests expect a proxy to accept a connection, and the fault
// proxy resets the clients of a server that is not there.
var upstreams = []string{"localhost:7171", "localhost:7474", "localhost:7676", "localhost:20001"}

// listeners are those of the upstreams: Go closes a listener that nothing refers to.
var listeners []net.Listener

// TestMain starts the fault proxy by the command in KANIT_PROXY_COMMAND (its words are separated by line breaks) at the
// port that the tests use. The process has a network namespace of its own, since the tests use fixed ports.
func TestMain(m *testing.M) {
	if err := bringLoopbackUp(); err != nil {
		fmt.Println("cannot bring up the loopback interface:", err)
		os.Exit(3)
	}
	for _, upstream := range upstreams {
		listener, err := net.Listen("tcp", upstream)
		if err != nil {
			fmt.Println("cannot listen as an upstream of the tests:", err)
			os.Exit(3)
		}
		listeners = append(listeners, listener)
	}
	words := strings.Split(os.Getenv("KANIT_PROXY_COMMAND"), "\n")
	proxy := exec.Command(words[0], words[1:]...)
	proxy.Stderr = os.Stderr
	proxy.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := proxy.Start(); err != nil {
		fmt.Println("cannot start the fault proxy:", err)
		os.Exit(3)
	}
	ended := make(chan struct{})
	go func() { proxy.Wait(); close(ended) }()
	code := 3
	if awaitAnswer(ended) {
		code = m.Run()
	}
	proxy.Process.Kill()
	<-ended
	os.Exit(code)
}

func awaitAnswer(ended chan struct{}) bool {
	for {
		if response, err := http.Get(address + "/version"); err == nil {
			response.Body.Close()
			return true
		}
		select {
		case <-ended:
			fmt.Println("the fault proxy ended before it answered")
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func bringLoopbackUp() error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	var request struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP
	_, _, errno := syscall.Syscall(
		syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)),
	)
	if errno != 0 {
		return errno
	}
	return nil
}
