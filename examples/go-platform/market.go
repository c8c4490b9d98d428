package main

import (
	"encoding/json"
	"errors"
	"log"
	"math/big"
	"net"
	"sync"
	"time"
)

const (
	// A price is not used any more when nothing came for so long.
	freshFor = 3 * time.Second
	// A connection that is silent for so long is given up.
	silentFor = 2 * time.Second
)

// market keeps the exchange's book of one pair by its channel obdiff: a whole book (431), then changes (432) that count up.
type market struct {
	url, pair string

	mu       sync.Mutex
	bids     map[string]row
	asks     map[string]row
	last     int64
	whole    bool
	heardAt  time.Time
	messages int64
	rebuilds map[string]int64
	renewed  int64
}

type row struct {
	price, volume *big.Rat
	text          string
}

type bookFrame struct {
	CS     int64
	PS     string
	AO, BO []struct {
		P, A string
		CP   int
	}
}

func (m *market) run() {
	wait := 100 * time.Millisecond
	m.mu.Lock()
	m.rebuilds = map[string]int64{"gap": 0, "silent": 0, "disconnected": 0, "crossed": 0, "malformed": 0}
	m.heardAt = time.Now()
	m.mu.Unlock()
	for {
		began := time.Now()
		why := m.listen()
		m.mu.Lock()
		m.whole = false
		m.rebuilds[why]++
		m.renewed++
		m.mu.Unlock()
		log.Println("market:", why)
		if time.Since(began) > 5*time.Second {
			wait = 100 * time.Millisecond
		}
		time.Sleep(wait)
		wait = min(2*wait, 2*time.Second)
	}
}

// listen follows the feed until it has to be built anew, and returns why.
func (m *market) listen() string {
	s, err := dialSocket(m.url)
	if err != nil {
		return "disconnected"
	}
	defer s.conn.Close()
	join, _ := json.Marshal([]any{151, map[string]any{"type": 151, "channel": "obdiff", "event": m.pair, "join": true}})
	if s.write(opText, join) != nil {
		return "disconnected"
	}
	changesBefore := 0
	deadline := time.Now().Add(silentFor)
	for {
		text, err := s.read(deadline)
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				return "silent"
			}
			return "disconnected"
		}
		var frame []json.RawMessage
		var model int
		var body bookFrame
		if json.Unmarshal(text, &frame) != nil || len(frame) != 2 || json.Unmarshal(frame[0], &model) != nil {
			continue
		}
		if model != 431 && model != 432 {
			continue
		}
		if json.Unmarshal(frame[1], &body) != nil {
			return "malformed"
		}
		if body.PS != m.pair {
			continue
		}
		deadline = time.Now().Add(silentFor)
		if why := m.apply(model, body, &changesBefore); why != "" {
			return why
		}
	}
}

func (m *market) apply(model int, body bookFrame, changesBefore *int) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages++
	m.heardAt = time.Now()
	if model == 431 {
		m.bids, m.asks = map[string]row{}, map[string]row{}
	} else if !m.whole {
		// The book with which a subscription begins was lost.
		if *changesBefore++; *changesBefore > 2 {
			return "gap"
		}
		return ""
	} else if body.CS <= m.last {
		return ""
	} else if body.CS != m.last+1 {
		return "gap"
	}
	for _, side := range []struct {
		rows map[string]row
		from []struct {
			P, A string
			CP   int
		}
	}{{m.asks, body.AO}, {m.bids, body.BO}} {
		for _, each := range side.from {
			price, ok := new(big.Rat).SetString(each.P)
			volume, fine := new(big.Rat).SetString(each.A)
			if !ok || !fine {
				return "malformed"
			}
			if (model == 432 && each.CP == 3) || volume.Sign() == 0 {
				delete(side.rows, price.RatString())
			} else {
				side.rows[price.RatString()] = row{price, volume, each.P}
			}
		}
	}
	m.last, m.whole = body.CS, true
	if bid, ask := best(m.bids, 1), best(m.asks, -1); bid != nil && ask != nil && bid.price.Cmp(ask.price) >= 0 {
		return "crossed"
	}
	return ""
}

func best(rows map[string]row, sign int) *row {
	var found *row
	for _, each := range rows {
		if found == nil || each.price.Cmp(found.price)*sign > 0 {
			found = &row{each.price, each.volume, each.text}
		}
	}
	return found
}

// quote returns the best prices, if they are fresh.
func (m *market) quote() (bid, ask *row) {
	m.mu.Lock()
	defer m.mu.Unlock()
	isStale := time.Since(m.heardAt) > freshFor || !m.whole
	if isStale && !planted("stale-quotes") { // DEFECT stale-quotes
		return nil, nil
	}
	return best(m.bids, 1), best(m.asks, -1)
}
