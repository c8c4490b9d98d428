// Bourse is a small trading platform at BTCTurk. It is kanit's example of a platform in Go; it trades nowhere else.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

//go:embed schema.sql
var schema string

const poolSize = 12

// defects are bugs planted on purpose, by which a harness proves that it can find them.
var defects = strings.Split(os.Getenv("BOURSE_DEFECT"), ",")

// planted tells whether this defect was asked for.
func planted(defect string) bool { return slices.Contains(defects, defect) }

func main() {
	log.SetFlags(0)
	store, err := openStore(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "migrate" {
		if _, err := store.Exec(schema); err != nil {
			log.Fatal(err)
		}
		return
	}
	market := &market{url: os.Getenv("BTCTURK_WS_URL"), pair: "BTCUSDT"}
	exchange := newExchange(os.Getenv("BTCTURK_REST_URL"), os.Getenv("BTCTURK_PUBLIC_KEY"), os.Getenv("BTCTURK_PRIVATE_KEY"))
	desk := &desk{store: store, market: market, exchange: exchange, hands: make(chan struct{}, 6)}
	go market.run()
	go desk.follow()
	http.HandleFunc("POST /rpc", desk.serve)
	http.HandleFunc("GET /alive", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if store.PingContext(ctx) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("GET /stats", desk.stats)
	address := fmt.Sprintf("%s:%s", os.Getenv("HOST"), os.Getenv("PORT"))
	log.Fatal(http.ListenAndServe(address, nil))
}

// openStore opens the database. It is reached through a pooler that shares connections by transaction, so nothing is prepared.
func openStore(url string) (*sql.DB, error) {
	joint := "?"
	for _, letter := range url {
		if letter == '?' {
			joint = "&"
		}
	}
	store, err := sql.Open("pgx", url+joint+"default_query_exec_mode=simple_protocol&connect_timeout=3")
	if err != nil {
		return nil, err
	}
	store.SetMaxOpenConns(poolSize)
	store.SetMaxIdleConns(poolSize)
	return store, nil
}
