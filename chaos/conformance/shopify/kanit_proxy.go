// Package toxiproxy stands in for Shopify's package of that name in its tests of proxies and toxics: a Proxy here is one of
// the fault proxy at Address, and what the tests do to it goes over the HTTP API.
package toxiproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
)

// Address is the fault proxy's API.
var Address string

// ErrProxyAlreadyStarted is what Start returns for a proxy that is enabled.
var ErrProxyAlreadyStarted = errors.New("Proxy already started")

var count atomic.Int64

// Proxy is a proxy of the fault proxy, once it was started.
type Proxy struct {
	Name     string
	Listen   string
	Upstream string
	Enabled  bool
	Toxics   *ToxicCollection `json:"-"`

	exists bool
}

// ToxicCollection has the toxics of a proxy.
type ToxicCollection struct {
	proxy *Proxy
}

// NewTestProxy returns a proxy that was not started. Its name is made unique, since the tests give all the same.
func NewTestProxy(name, upstream string) *Proxy {
	proxy := &Proxy{Name: fmt.Sprintf("%s %d", name, count.Add(1)), Listen: "localhost:0", Upstream: upstream}
	proxy.Toxics = &ToxicCollection{proxy}
	return proxy
}

// Start creates or enables the proxy.
func (proxy *Proxy) Start() error {
	if proxy.Enabled {
		return ErrProxyAlreadyStarted
	}
	input := map[string]any{"name": proxy.Name, "listen": proxy.Listen, "upstream": proxy.Upstream, "enabled": true}
	if proxy.exists {
		return proxy.change("PATCH", proxy.path(), input)
	}
	return proxy.change("POST", "/proxies", input)
}

// Stop disables the proxy.
func (proxy *Proxy) Stop() {
	if proxy.exists {
		proxy.change("PATCH", proxy.path(), map[string]any{"enabled": false})
	}
}

// Update changes the proxy's addresses, and whether it is enabled.
func (proxy *Proxy) Update(input *Proxy) error {
	fields := map[string]any{"listen": input.Listen, "upstream": input.Upstream, "enabled": input.Enabled}
	return proxy.change("PATCH", proxy.path(), fields)
}

// AddToxicJson adds the toxic of a request's body.
func (toxics *ToxicCollection) AddToxicJson(data io.Reader) (any, error) {
	body, err := io.ReadAll(data)
	if err != nil {
		return nil, err
	}
	var toxic any
	return toxic, call("POST", toxics.proxy.path()+"/toxics", body, &toxic)
}

// RemoveToxic removes the toxic of that name.
func (toxics *ToxicCollection) RemoveToxic(_ context.Context, name string) error {
	return call("DELETE", toxics.proxy.path()+"/toxics/"+name, nil, nil)
}

// ResetToxics removes all toxics of the proxy.
func (toxics *ToxicCollection) ResetToxics(ctx context.Context) {
	var found []struct{ Name string }
	if err := call("GET", toxics.proxy.path()+"/toxics", nil, &found); err != nil {
		panic(err)
	}
	for _, toxic := range found {
		toxics.RemoveToxic(ctx, toxic.Name)
	}
}

func (proxy *Proxy) path() string {
	return "/proxies/" + (&url.URL{Path: proxy.Name}).EscapedPath()
}

func (proxy *Proxy) change(method, path string, fields map[string]any) error {
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	if err := call(method, path, body, proxy); err != nil {
		return err
	}
	proxy.exists = true
	return nil
}

// call sends a request, and reads its answer into result, unless that is nil.
func call(method, path string, body []byte, result any) error {
	request, err := http.NewRequest(method, Address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer, result)
}
