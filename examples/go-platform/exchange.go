package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A customer waits for several answers of the exchange in one call of his: for one he may wait so long, and a call that
// pulls a ticket asks no more after pullLimit.
const (
	exchangeLimit = 900 * time.Millisecond
	pullLimit     = 500 * time.Millisecond
)

// exchange speaks BTCTurk's orders (REST v1).
type exchange struct {
	url, key string
	secret   []byte
	client   http.Client

	mu sync.Mutex
	// A stamp is accepted once.
	lastStamp int64
	// Until then the exchange wants to be left alone.
	heldUntil time.Time
}

var (
	// Nothing reached the exchange.
	errNotSent = errors.New("not sent")
	// Whether it took effect is not known.
	errUnknown = errors.New("no clear answer")
)

// refusal is the exchange's own no.
type refusal struct {
	code    int
	message string
}

func (r refusal) Error() string { return fmt.Sprintf("%d %s", r.code, r.message) }

func newExchange(url, key, secret string) *exchange {
	decoded, _ := base64.StdEncoding.DecodeString(secret)
	transport := &http.Transport{MaxIdleConnsPerHost: 32, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}
	return &exchange{url: url, key: key, secret: decoded, client: http.Client{Timeout: exchangeLimit, Transport: transport}}
}

type exchangeOrder struct {
	ID            json.Number `json:"id"`
	Status        string      `json:"status"`
	Quantity      json.Number `json:"quantity"`
	LeftAmount    json.Number `json:"leftAmount"`
	OrderClientID string      `json:"orderClientId"`
}

type exchangeDeal struct {
	ID          json.Number `json:"id"`
	OrderID     json.Number `json:"orderId"`
	Price       json.Number `json:"price"`
	Amount      json.Number `json:"amount"`
	Fee         json.Number `json:"fee"`
	Tax         json.Number `json:"tax"`
	Denominator string      `json:"denominatorSymbol"`
}

// call sends a signed request. Data of the answer are read into `into`.
func (e *exchange) call(method, path string, body, into any) error {
	e.mu.Lock()
	if time.Now().Before(e.heldUntil) {
		e.mu.Unlock()
		return errNotSent
	}
	e.lastStamp = max(time.Now().UnixMilli(), e.lastStamp+1)
	stamp := strconv.FormatInt(e.lastStamp, 10)
	e.mu.Unlock()
	mac := hmac.New(sha256.New, e.secret)
	mac.Write([]byte(e.key + stamp))
	var content io.Reader
	if body != nil {
		encoded, _ := json.Marshal(body)
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, e.url+path, content)
	if err != nil {
		return errNotSent
	}
	request.Header.Set("X-PCK", e.key)
	request.Header.Set("X-Stamp", stamp)
	request.Header.Set("X-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	request.Header.Set("Content-Type", "application/json")
	response, err := e.client.Do(request)
	if err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return errNotSent
		}
		return errUnknown
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusTooManyRequests {
		seconds, err := strconv.ParseFloat(response.Header.Get("Retry-After"), 64)
		if err != nil {
			seconds = 1
		}
		e.mu.Lock()
		e.heldUntil = time.Now().Add(time.Duration(seconds * float64(time.Second)))
		e.mu.Unlock()
		return refusal{429, "too many requests"}
	}
	var answer struct {
		Success bool
		Message string
		Code    int
		Data    json.RawMessage
	}
	decoder := json.NewDecoder(response.Body)
	if response.StatusCode >= 500 || decoder.Decode(&answer) != nil {
		return errUnknown
	}
	hasData := len(answer.Data) > 0 && string(answer.Data) != "null"
	if !answer.Success || response.StatusCode >= 400 || (!hasData && answer.Code != 0) {
		return refusal{answer.Code, answer.Message}
	}
	if into != nil && json.Unmarshal(answer.Data, into) != nil {
		return errUnknown
	}
	return nil
}

func (e *exchange) place(t ticket) (string, error) {
	order := map[string]string{
		"quantity": t.volume, "newOrderClientId": t.exchangeKey,
		"orderMethod": t.kind, "orderType": t.way, "pairSymbol": t.pair,
	}
	if t.price != "" {
		order["price"] = t.price
	}
	if t.spends != "" {
		order["quantity"] = t.spends
	}
	var placed struct{ ID json.Number }
	err := e.call("POST", "/api/v1/order", order, &placed)
	return placed.ID.String(), err
}

func (e *exchange) pull(number string) error {
	return e.call("DELETE", "/api/v1/order?id="+number, nil, nil)
}

func (e *exchange) order(number string) (order exchangeOrder, err error) {
	err = e.call("GET", "/api/v1/order/"+number, nil, &order)
	return
}

func (e *exchange) open(pair string) (map[string]exchangeOrder, error) {
	var found struct{ Asks, Bids []exchangeOrder }
	if err := e.call("GET", "/api/v1/openOrders?pairSymbol="+pair, nil, &found); err != nil {
		return nil, err
	}
	all := map[string]exchangeOrder{}
	for _, each := range append(found.Asks, found.Bids...) {
		all[each.OrderClientID] = each
	}
	return all, nil
}

// find searches an order by our own key, which the exchange cannot look up; nil when it is not there.
func (e *exchange) find(t ticket) (*exchangeOrder, error) {
	open, err := e.open(t.pair)
	if err != nil {
		return nil, err
	}
	if found, is := open[t.exchangeKey]; is {
		return &found, nil
	}
	var all []exchangeOrder
	path := fmt.Sprintf("/api/v1/allOrders?pairSymbol=%s&startTime=%d&limit=1000", t.pair, t.madeAt.Add(-time.Minute).UnixMilli())
	if err := e.call("GET", path, nil, &all); err != nil {
		return nil, err
	}
	for _, each := range all {
		if each.OrderClientID == t.exchangeKey {
			return &each, nil
		}
	}
	return nil, nil
}

func (e *exchange) deals(t ticket) (deals []exchangeDeal, err error) {
	path := fmt.Sprintf("/api/v1/users/transactions/trade?type=buy&type=sell&orderId=%s&startDate=%d", t.exchangeNo, t.madeAt.Add(-time.Minute).UnixMilli())
	var all []exchangeDeal
	err = e.call("GET", path, nil, &all)
	for _, each := range all {
		if each.OrderID.String() == t.exchangeNo {
			deals = append(deals, each)
		}
	}
	return
}

// positive drops the sign that the exchange writes before what was sold or paid.
func positive(number json.Number) string {
	if number == "" {
		return "0"
	}
	return strings.TrimPrefix(number.String(), "-")
}
