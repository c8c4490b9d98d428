package toxiproxy_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	remote "github.com/Shopify/toxiproxy/v2/kanit"
)

const address = "http://localhost:8475"

// prepare is what a package needs before its tests.
var prepare = func() error { return nil }

// NewTestProxy stands in for Shopify's, which makes a proxy in this process.
func NewTestProxy(name, upstream string) *remote.Proxy {
	return remote.NewTestProxy(name, upstream)
}

// TestMain starts the fault proxy by the command in KANIT_PROXY_COMMAND (its words are separated by line breaks) at the
// port that the tests use. The process has a network namespace of its own, since the tests use fixed ports.
func TestMain(m *testing.M) {
	if err := bringLoopbackUp(); err != nil {
		fmt.Println("cannot bring up the loopback interface:", err)
		os.Exit(3)
	}
	if err := prepare(); err != nil {
		fmt.Println("cannot prepare the tests:", err)
		os.Exit(3)
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
		remote.Address = address
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
