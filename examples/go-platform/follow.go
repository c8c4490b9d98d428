package main

import (
	"log"
	"time"
)

// follow keeps asking the exchange for what is not final yet.
func (d *desk) follow() {
	renewed := int64(0)
	for {
		time.Sleep(400 * time.Millisecond)
		if d.market.renewals() != renewed && planted("forgotten-fill") { // DEFECT forgotten-fill
			d.forgets.Store("due", true)
		}
		renewed = d.market.renewals()
		if err := d.followOnce(); err != nil {
			log.Println("follow:", err)
		}
	}
}

func (d *desk) followOnce() error {
	ctx, cancel := within(5 * time.Second)
	defer cancel()
	// A ticket whose sending ended without a note is as lost as one without an answer.
	if _, err := d.store.ExecContext(ctx, `UPDATE tickets SET state = 'LOST', lost_at = now()
		WHERE state = 'SENDING' AND made_at < now() - interval '8 seconds'`); err != nil {
		return err
	}
	rows, err := d.store.QueryContext(ctx, `SELECT `+ticketColumns+`, coalesce(now() - lost_at > interval '4 seconds', false)
		FROM tickets WHERE state IN ('LOST', 'WORKING') ORDER BY number`)
	if err != nil {
		return err
	}
	var working, lost []ticket
	isOld := map[int64]bool{}
	for rows.Next() {
		var t ticket
		var old bool
		if err := rows.Scan(&t.number, &t.asked, &t.exchangeKey, &t.exchangeNo, &t.pair, &t.way, &t.kind, &t.volume,
			&t.price, &t.spends, &t.state, &t.traded, &t.madeAt, &old); err != nil {
			return err
		}
		isOld[t.number] = old
		if t.state == "LOST" {
			lost = append(lost, t)
		} else {
			working = append(working, t)
		}
	}
	d.counts.set("bourse_lost_tickets", float64(len(lost)))
	if len(working) > 0 {
		open, err := d.exchange.open(d.market.pair)
		if err != nil {
			return err
		}
		for _, t := range working {
			at, isOpen := open[t.exchangeKey]
			if !isOpen || at.Status == "Partial" {
				d.settle(t)
			}
		}
	}
	for _, t := range lost {
		d.search(t, isOld[t.number])
	}
	return rows.Err()
}

func (d *desk) search(t ticket, isOld bool) {
	found, err := d.exchange.find(t)
	switch {
	case err != nil:
		return
	case found != nil:
		t.exchangeNo = found.ID.String()
		if d.change(t, `exchange_no = $2, state = 'WORKING'`, t.exchangeNo) == nil {
			d.counts.add("bourse_searched_total", "result", "found")
			d.settle(t)
		}
	case isOld:
		if d.change(t, `state = 'TURNED_DOWN'`) == nil {
			d.counts.add("bourse_searched_total", "result", "never_arrived")
		}
	}
}

func (m *market) renewals() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.renewed
}
