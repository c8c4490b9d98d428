package toxiproxy_test

import (
	"fmt"
	"net"
	"testing"
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

// upstreams are the servers that the tests' proxies name. The tests expect a proxy to accept a connection, and the fault
// proxy resets the clients of a server that is not there.
var upstreams = []string{"localhost:7171", "localhost:7474", "localhost:7676", "localhost:20001"}

// listeners are those of the upstreams: Go closes a listener that nothing refers to.
var listeners []net.Listener

func init() {
	prepare = func() error {
		for _, upstream := range upstreams {
			listener, err := net.Listen("tcp", upstream)
			if err != nil {
				return fmt.Errorf("an upstream of the tests: %w", err)
			}
			listeners = append(listeners, listener)
		}
		return nil
	}
}
