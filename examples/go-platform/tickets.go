package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"math/big"
	"strings"
	"sync"
	"time"
)

// A ticket is a client's order.
type ticket struct {
	number                                                  int64
	asked, exchangeKey, exchangeNo, pair, way, kind, volume string
	price, spends, state, traded                            string
	madeAt                                                  time.Time
}

const ticketColumns = `number, asked, exchange_key, coalesce(exchange_no, ''), pair, way, kind, volume::text,
	coalesce(price::text, ''), coalesce(spends::text, ''), state, traded::text, made_at`

type scanner interface{ Scan(...any) error }

func readTicket(row scanner) (t ticket, err error) {
	err = row.Scan(&t.number, &t.asked, &t.exchangeKey, &t.exchangeNo, &t.pair, &t.way, &t.kind, &t.volume,
		&t.price, &t.spends, &t.state, &t.traded, &t.madeAt)
	return
}

// desk places tickets at the exchange and keeps the books.
type desk struct {
	store    *sql.DB
	market   *market
	exchange *exchange
	counts   counts
	forgets  sync.Map
	hands    chan struct{}
}

func within(limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), limit)
}

// send hands a new ticket to the exchange, and notes what came of it.
func (d *desk) send(t ticket) (ticket, error) {
	number, err := d.exchange.place(t)
	if errors.Is(err, errUnknown) && planted("retry-new-key") { // DEFECT retry-new-key
		t.exchangeKey += "-2"
		d.change(t, `exchange_key = $2`, t.exchangeKey)
		number, err = d.exchange.place(t)
	}
	var no refusal
	switch {
	case err == nil:
		d.counts.add("bourse_sent_total", "result", "taken")
		t.exchangeNo, t.state = number, "WORKING"
		if err := d.change(t, `exchange_no = $2, state = 'WORKING'`, number); err != nil {
			return t, err
		}
		go d.settleSoon(t)
		return t, nil
	case errors.As(err, &no):
		d.counts.add("bourse_sent_total", "result", "turned_down")
		t.state = "TURNED_DOWN"
		return t, d.change(t, `state = 'TURNED_DOWN'`)
	case errors.Is(err, errNotSent):
		d.counts.add("bourse_sent_total", "result", "not_sent")
		t.state = "TURNED_DOWN"
		return t, d.change(t, `state = 'TURNED_DOWN'`)
	default:
		d.counts.add("bourse_sent_total", "result", "lost")
		t.state = "LOST"
		return t, d.change(t, `state = 'LOST', lost_at = now()`)
	}
}

func (d *desk) change(t ticket, set string, values ...any) error {
	ctx, cancel := within(3 * time.Second)
	defer cancel()
	_, err := d.store.ExecContext(ctx, `UPDATE tickets SET `+set+` WHERE number = $1`, append([]any{t.number}, values...)...)
	return err
}

// settleSoon looks what the exchange has made of a new order, if the desk has a hand free; else it is followed later.
func (d *desk) settleSoon(t ticket) {
	select {
	case d.hands <- struct{}{}:
		d.settle(t)
		<-d.hands
	default:
	}
}

// settle asks the exchange for an order and its deals, and books them. It returns the ticket as it was when that fails.
func (d *desk) settle(t ticket) ticket {
	order, err := d.exchange.order(t.exchangeNo)
	if err != nil {
		log.Println("settle:", err)
		return t
	}
	deals, err := d.exchange.deals(t)
	if err != nil {
		log.Println("deals:", err)
		return t
	}
	if len(deals) > 0 && d.forgetsOneOf(t) { // DEFECT forgotten-fill
		deals = deals[:len(deals)-1]
	} else if !isComplete(t, order, deals) {
		// The exchange shows a deal a moment after the order that it belongs to.
		if order.Status != "Untouched" && order.Status != "Partial" {
			return t
		}
	}
	settled, err := d.book(t, order, deals)
	if err != nil {
		log.Println("book:", err)
		return t
	}
	return settled
}

// forgetsOneOf tells whether the last deal of a ticket is forgotten: of the first ticket that is settled after the book
// was renewed, and of that one for good.
func (d *desk) forgetsOneOf(t ticket) bool {
	if _, due := d.forgets.LoadAndDelete("due"); due {
		d.forgets.Store(t.number, true)
	}
	_, forgotten := d.forgets.Load(t.number)
	return forgotten
}

// isComplete tells whether the deals are all that an order has. What a market buy comes to is in its deals alone.
func isComplete(t ticket, order exchangeOrder, deals []exchangeDeal) bool {
	if t.spends != "" {
		return len(deals) > 0 || order.Status != "Closed"
	}
	traded := new(big.Rat)
	for _, each := range deals {
		volume, _ := new(big.Rat).SetString(positive(each.Amount))
		traded.Add(traded, volume)
	}
	whole, ok := new(big.Rat).SetString(order.Quantity.String())
	left, fine := new(big.Rat).SetString(order.LeftAmount.String())
	return ok && fine && traded.Cmp(new(big.Rat).Sub(whole, left)) == 0
}

var states = map[string]string{"Untouched": "WORKING", "Partial": "WORKING", "Closed": "DONE", "Canceled": "PULLED"}

// book writes deals, the stock and the ticket in one statement, so that no lock waits for the network.
func (d *desk) book(t ticket, order exchangeOrder, deals []exchangeDeal) (ticket, error) {
	values := []any{t.number, t.pair, states[order.Status]}
	rows := []string{}
	for _, each := range deals {
		at := len(values)
		rows = append(rows, fmt.Sprintf("($%d, $1::bigint, $%d::numeric, $%d::numeric, $%d::numeric + $%d::numeric, $%d)",
			at+1, at+2, at+3, at+4, at+5, at+6))
		values = append(values, each.ID.String(), each.Price.String(), positive(each.Amount), positive(each.Fee), positive(each.Tax), each.Denominator)
	}
	fresh := `SELECT 0::numeric AS volume WHERE false`
	if len(rows) > 0 {
		fresh = `INSERT INTO deals VALUES ` + strings.Join(rows, ", ") + ` ON CONFLICT DO NOTHING RETURNING volume`
	}
	sign := "1"
	if t.way == "sell" {
		sign = "-1"
	}
	stock := `INSERT INTO stock SELECT $2, ` + sign + ` * sum(volume) FROM fresh HAVING count(*) > 0
		ON CONFLICT (pair) DO UPDATE SET volume = stock.volume + excluded.volume`
	if planted("lost-update") { // DEFECT lost-update
		stock = `SELECT $2`
	}
	ctx, cancel := within(5 * time.Second)
	defer cancel()
	settled, err := readTicket(d.store.QueryRowContext(ctx, `WITH fresh AS (`+fresh+`), held AS (`+stock+`)
		UPDATE tickets SET traded = traded + coalesce((SELECT sum(volume) FROM fresh), 0),
			state = CASE WHEN $3 = '' OR state IN ('DONE', 'PULLED') THEN state ELSE $3 END
		WHERE number = $1 RETURNING `+ticketColumns, values...))
	if err != nil {
		return t, err
	}
	if planted("lost-update") && settled.traded != t.traded { // DEFECT lost-update
		d.overwriteStock(settled, t.traded)
	}
	return settled, nil
}

// overwriteStock reads, adds and writes as three steps, between which another may do the same.
func (d *desk) overwriteStock(t ticket, before string) {
	ctx, cancel := within(5 * time.Second)
	defer cancel()
	var held string
	d.store.QueryRowContext(ctx, `SELECT coalesce(max(volume), 0)::text FROM stock WHERE pair = $1`, t.pair).Scan(&held)
	volume, _ := new(big.Rat).SetString(held)
	after, _ := new(big.Rat).SetString(t.traded)
	earlier, _ := new(big.Rat).SetString(before)
	if volume == nil || after == nil || earlier == nil {
		return
	}
	change := after.Sub(after, earlier)
	if t.way == "sell" {
		change.Neg(change)
	}
	time.Sleep(100 * time.Millisecond)
	d.store.ExecContext(ctx, `INSERT INTO stock VALUES ($1, $2) ON CONFLICT (pair) DO UPDATE SET volume = excluded.volume`,
		t.pair, volume.Add(volume, change).FloatString(8))
}
