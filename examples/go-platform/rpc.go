package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log"
	"math/big"
	"net/http"
	"strings"
	"time"
)

type call struct {
	Call string            `json:"call"`
	With map[string]string `json:"with"`
}

// fault is an answer other than a result. A client may try again what is DOWN, BUSY or UNSURE.
type fault struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	RetryMs int    `json:"retry_ms"`
}

func (f fault) Error() string { return f.Code }

var down = fault{"DOWN", "the books cannot be written", 300}

// serve answers every call at one path, always with 200: what came of it is in the body.
func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	var asked call
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&asked); err != nil {
		http.Error(w, "no call", http.StatusBadRequest)
		return
	}
	result, err := d.answer(asked)
	answer := map[string]any{"result": result}
	outcome := "fine"
	if err != nil {
		var told fault
		if !errors.As(err, &told) {
			told = fault{"UNSURE", err.Error(), 300}
		}
		answer = map[string]any{"fault": told}
		outcome = "no"
		if told.RetryMs > 0 {
			outcome = "down"
		}
	}
	d.counts.add("bourse_calls_total", "call", asked.Call, "outcome", outcome)
	d.counts.observe(asked.Call, time.Since(began).Seconds())
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

func (d *desk) answer(c call) (any, error) {
	switch c.Call {
	case "Place":
		return d.placeTicket(c.With)
	case "Show":
		t, err := d.ticketBy("number = $1", c.With["number"])
		return shown(t), err
	case "Pull":
		return d.pullTicket(c.With["number"])
	case "Stock":
		return d.showStock()
	case "Price":
		bid, ask := d.market.quote()
		if bid == nil || ask == nil {
			return nil, fault{"NO_PRICE", "the market is not known", 0}
		}
		return map[string]string{"buyers": bid.text, "sellers": ask.text}, nil
	}
	return nil, fault{"NO_CALL", c.Call, 0}
}

func shown(t ticket) map[string]any {
	return map[string]any{"number": t.number, "key": t.exchangeKey, "pair": t.pair, "way": t.way, "state": t.state, "traded": t.traded}
}

func (d *desk) ticketBy(where string, value any) (ticket, error) {
	ctx, cancel := within(3 * time.Second)
	defer cancel()
	t, err := readTicket(d.store.QueryRowContext(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE `+where, value))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault{"NO_TICKET", "there is no such ticket", 0}
	}
	if err != nil {
		return t, down
	}
	return t, nil
}

func (d *desk) placeTicket(with map[string]string) (any, error) {
	t := ticket{pair: with["pair"], way: with["way"], kind: with["kind"], volume: with["volume"], price: with["price"]}
	t.asked = strings.Join([]string{t.pair, t.way, t.kind, t.volume, t.price}, " ")
	d.counts.add("bourse_keys_total")
	if no := d.limits(&t); no != nil {
		// What was taken before is answered as before.
		if earlier, err := d.ticketBy("client_key = $1", with["key"]); err == nil {
			return d.again(earlier, t)
		}
		d.counts.add("bourse_declined_total", "why", no.(fault).Code)
		return nil, no
	}
	random := make([]byte, 12)
	rand.Read(random)
	t.exchangeKey = "b" + hex.EncodeToString(random)
	ctx, cancel := within(3 * time.Second)
	defer cancel()
	row := d.store.QueryRowContext(ctx, `INSERT INTO tickets (client_key, asked, exchange_key, pair, way, kind, volume, price, spends)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::numeric, nullif($9, '')::numeric)
		ON CONFLICT (client_key) DO NOTHING RETURNING `+ticketColumns,
		with["key"], t.asked, t.exchangeKey, t.pair, t.way, t.kind, t.volume, t.price, t.spends)
	made, err := readTicket(row)
	if errors.Is(err, sql.ErrNoRows) {
		earlier, err := d.ticketBy("client_key = $1", with["key"])
		if err != nil {
			return nil, err
		}
		return d.again(earlier, t)
	}
	if err != nil {
		// It may be written, and then it will be found lost, but it was not sent.
		return nil, down
	}
	sent, err := d.send(made)
	if err != nil {
		return nil, err
	}
	if sent.state == "TURNED_DOWN" {
		return nil, fault{"TURNED_DOWN", "the exchange did not take it", 0}
	}
	return shown(sent), nil
}

// again answers a key that came before, when its ticket has been sent.
func (d *desk) again(earlier, t ticket) (any, error) {
	for tries := 0; earlier.state == "SENDING" && tries < 40; tries++ {
		time.Sleep(50 * time.Millisecond)
		now, err := d.ticketBy("number = $1", earlier.number)
		if err != nil {
			return nil, err
		}
		earlier = now
	}
	switch {
	case earlier.asked != t.asked:
		d.counts.add("bourse_key_clashes_total")
		return nil, fault{"KEY_USED", "the key belongs to another ticket", 0}
	case earlier.state == "SENDING":
		return nil, fault{"BUSY", "the ticket is being sent", 200}
	case earlier.state == "TURNED_DOWN":
		return nil, fault{"TURNED_DOWN", "the exchange did not take it", 0}
	}
	return shown(earlier), nil
}

var mostVolume = big.NewRat(100, 1)

// limits refuses what no client can mean, and completes a market buy.
func (d *desk) limits(t *ticket) error {
	volume, ok := new(big.Rat).SetString(t.volume)
	if !ok || volume.Sign() <= 0 || volume.Cmp(mostVolume) > 0 {
		return fault{"TOO_MUCH", t.volume, 0}
	}
	bid, ask := d.market.quote()
	if bid == nil || ask == nil {
		return fault{"NO_PRICE", "the market is not known", 0}
	}
	if t.price != "" {
		price, ok := new(big.Rat).SetString(t.price)
		if !ok || price.Cmp(new(big.Rat).Mul(ask.price, big.NewRat(2, 1))) > 0 || price.Cmp(new(big.Rat).Mul(bid.price, big.NewRat(1, 2))) < 0 {
			return fault{"TOO_FAR", t.price, 0}
		}
	} else if t.way == "buy" {
		t.spends = new(big.Rat).Mul(volume, ask.price).FloatString(2)
	}
	return nil
}

func (d *desk) pullTicket(number string) (any, error) {
	t, err := d.ticketBy("number = $1", number)
	if err != nil {
		return nil, err
	}
	if t.state == "SENDING" || t.state == "LOST" {
		return nil, fault{"UNSURE", "the ticket is not known at the exchange yet", 500}
	}
	if t.state != "WORKING" {
		return nil, fault{"TOO_LATE", t.state, 0}
	}
	err = d.exchange.pull(t.exchangeNo)
	if err != nil && planted("shown-canceled") { // DEFECT shown-canceled
		d.change(t, `state = 'PULLED'`)
		t.state = "PULLED"
		return shown(t), nil
	}
	var no refusal
	if err != nil && !errors.As(err, &no) {
		return nil, fault{"UNSURE", err.Error(), 500}
	}
	if no.code == 429 {
		return nil, fault{"UNSURE", "the exchange is busy", 1000}
	}
	for begun := time.Now(); time.Since(begun) < pullLimit; time.Sleep(150 * time.Millisecond) {
		settled := d.settle(t)
		switch {
		case settled.state == "PULLED":
			return shown(settled), nil
		case settled.state == "DONE":
			return nil, fault{"TOO_LATE", "it was done before", 0}
		}
	}
	log.Println("pull: ", err)
	return nil, fault{"UNSURE", "the exchange has not pulled it yet", 500}
}

func (d *desk) showStock() (any, error) {
	ctx, cancel := within(3 * time.Second)
	defer cancel()
	rows, err := d.store.QueryContext(ctx, `SELECT pair, volume::text FROM stock`)
	if err != nil {
		return nil, down
	}
	defer rows.Close()
	held := map[string]string{}
	for rows.Next() {
		var pair, volume string
		if rows.Scan(&pair, &volume) == nil {
			held[pair] = volume
		}
	}
	if rows.Err() != nil {
		return nil, down
	}
	return held, nil
}
