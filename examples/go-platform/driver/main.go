// The driver by which kanit speaks to Bourse: questions from standard input, answers to standard output, a line each.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"errors"
)

type question struct {
	ID         int               `json:"id"`
	Ask        string            `json:"ask"`
	Input      map[string]string `json:"input"`
	DeadlineMs float64           `json:"deadlineMs"`
}

type answer struct {
	ID      int            `json:"id"`
	Outcome string         `json:"outcome"`
	Answer  map[string]any `json:"answer,omitempty"`
	RetryMs int            `json:"retryAfterMs"`
}

var client = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// outcomes of the platform's faults; any other is a refusal by its contract.
var outcomes = map[string]string{"DOWN": "failed", "BUSY": "failed", "UNSURE": "unknown", "KEY_USED": "failed", "NO_TICKET": "failed", "NO_PRICE": "refused"}

func main() {
	fmt.Println(`{"protocol":1,"can":["place","query","cancel","positions","quote"]}`)
	answers := make(chan answer)
	go func() {
		for out := json.NewEncoder(os.Stdout); ; {
			out.Encode(<-answers)
		}
	}()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var q question
		if json.Unmarshal(in.Bytes(), &q) == nil {
			go func() { answers <- ask(q) }()
		}
	}
}

func ask(q question) answer {
	with := map[string]string{"number": q.Input["id"]}
	calls := map[string]string{"place": "Place", "query": "Show", "cancel": "Pull", "positions": "Stock", "quote": "Price"}
	if q.Ask == "place" {
		with = map[string]string{
			"pair": q.Input["symbol"], "way": q.Input["side"], "kind": q.Input["type"],
			"volume": q.Input["quantity"], "price": q.Input["price"], "key": q.Input["key"],
		}
	}
	var said struct {
		Result map[string]any
		Fault  *struct {
			Code, Text string
			RetryMs    int `json:"retry_ms"`
		}
	}
	limit := time.Duration(q.DeadlineMs) * time.Millisecond
	if err := rpc(calls[q.Ask], with, limit, &said); err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return answer{ID: q.ID, Outcome: "failed"}
		}
		return answer{ID: q.ID, Outcome: "unknown"}
	}
	if said.Fault != nil {
		outcome := outcomes[said.Fault.Code]
		if outcome == "" {
			outcome = "refused"
		}
		return answer{q.ID, outcome, map[string]any{"error": said.Fault.Code}, said.Fault.RetryMs}
	}
	return answer{ID: q.ID, Outcome: "ok", Answer: fields(q.Ask, said.Result)}
}

func fields(ask string, result map[string]any) map[string]any {
	switch ask {
	case "positions":
		all := []map[string]any{}
		for pair, volume := range result {
			all = append(all, map[string]any{"symbol": pair, "quantity": volume})
		}
		return map[string]any{"positions": all}
	case "quote":
		return map[string]any{"bid": result["buyers"], "ask": result["sellers"]}
	}
	return map[string]any{
		"id": fmt.Sprint(result["number"]), "clientOrderId": result["key"], "symbol": result["pair"], "side": result["way"],
		"status": result["state"], "executedQuantity": result["traded"],
	}
}

func rpc(call string, with map[string]string, limit time.Duration, into any) error {
	body, _ := json.Marshal(map[string]any{"call": call, "with": with})
	request, err := http.NewRequest("POST", os.Getenv("KANIT_API_URL")+"/rpc", bytes.NewReader(body))
	if err != nil {
		return err
	}
	limited := client
	limited.Timeout = limit
	response, err := limited.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	decoder := json.NewDecoder(response.Body)
	decoder.UseNumber()
	return decoder.Decode(into)
}
