package main

import (
	"fmt"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1, 2.5, 5}

// counts are the platform's own numbers, in Prometheus's text format.
type counts struct {
	mu      sync.Mutex
	values  map[string]float64
	buckets map[string][]float64
}

func (c *counts) add(name string, labels ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil {
		c.values = map[string]float64{}
	}
	c.values[series(name, labels...)]++
}

func (c *counts) set(name string, value float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil {
		c.values = map[string]float64{}
	}
	c.values[name] = value
}

func (c *counts) observe(call string, seconds float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.buckets == nil {
		c.buckets = map[string][]float64{}
	}
	// The last two are the count and the sum.
	if c.buckets[call] == nil {
		c.buckets[call] = make([]float64, len(bounds)+2)
	}
	for i, bound := range bounds {
		if seconds <= bound {
			c.buckets[call][i]++
		}
	}
	c.buckets[call][len(bounds)]++
	c.buckets[call][len(bounds)+1] += seconds
}

func series(name string, labels ...string) string {
	if len(labels) == 0 {
		return name
	}
	pairs := []string{}
	for i := 0; i < len(labels); i += 2 {
		pairs = append(pairs, labels[i]+`="`+labels[i+1]+`"`)
	}
	return name + "{" + strings.Join(pairs, ",") + "}"
}

func (d *desk) stats(w http.ResponseWriter, _ *http.Request) {
	lines := []string{}
	line := func(name string, value float64) {
		lines = append(lines, name+" "+strconv.FormatFloat(value, 'g', -1, 64))
	}
	d.counts.mu.Lock()
	for _, name := range []string{
		"bourse_key_clashes_total", "bourse_keys_total", "bourse_lost_tickets",
		series("bourse_searched_total", "result", "found"), series("bourse_searched_total", "result", "never_arrived"),
		series("bourse_declined_total", "why", "NO_PRICE"), series("bourse_sent_total", "result", "taken"),
	} {
		if _, is := d.counts.values[name]; !is {
			line(name, 0)
		}
	}
	for name, value := range d.counts.values {
		line(name, value)
	}
	for call, values := range d.counts.buckets {
		for i, bound := range bounds {
			line(series("bourse_call_seconds_bucket", "call", call, "le", strconv.FormatFloat(bound, 'g', -1, 64)), values[i])
		}
		line(series("bourse_call_seconds_bucket", "call", call, "le", "+Inf"), values[len(bounds)])
		line(series("bourse_call_seconds_count", "call", call), values[len(bounds)])
		line(series("bourse_call_seconds_sum", "call", call), values[len(bounds)+1])
	}
	d.counts.mu.Unlock()
	d.market.mu.Lock()
	line("bourse_market_age_seconds", time.Since(d.market.heardAt).Seconds())
	line("bourse_market_messages_total", float64(d.market.messages))
	for why, times := range d.market.rebuilds {
		line(series("bourse_market_rebuilds_total", "why", why), float64(times))
	}
	d.market.mu.Unlock()
	pool := d.store.Stats()
	line(series("bourse_store_connections", "is", "busy"), float64(pool.InUse))
	line(series("bourse_store_connections", "is", "idle"), float64(pool.Idle))
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil {
		line("process_cpu_seconds_total", float64(used.Utime.Nano()+used.Stime.Nano())/1e9)
	}
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		pages, _ := strconv.ParseFloat(strings.Fields(string(statm))[1], 64)
		line("process_resident_memory_bytes", pages*float64(os.Getpagesize()))
	}
	sort.Strings(lines)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}
