package bridgetest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Message is what SetMessage set, or one made from its row.
func (e *Engine) Message(_ context.Context, id delivery.ID, number int64) (delivery.Message, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["message"]; err != nil {
		return delivery.Message{}, err
	}
	if m, ok := e.logs.messages[number]; ok {
		return m, nil
	}
	for _, r := range e.log(id) {
		if r.Seq == number {
			return messageOf(id, e.views[id], r), nil
		}
	}
	return delivery.Message{}, &delivery.Error{Op: "message", Kind: delivery.KindNotFound, Field: "message", Detail: fmt.Sprint(number)}
}

// messageOf is a letter from the garden centre.
func messageOf(id delivery.ID, v delivery.View, r delivery.Row) delivery.Message {
	m := delivery.Message{Row: r, Fields: map[string]string{"first_name": "Eva", "city": "Utrecht", "shop": "Utrecht, Oudegracht"}}
	if r.State == delivery.MsgExcluded {
		return m
	}
	m.MessageID = fmt.Sprintf("<%s.%d.7f3ac41e09b2@acme.example>", strings.ToLower(id.String()), r.Seq)
	m.From, m.Subject, m.Preheader = v.Content.From, "Eva, your garden in June", "Three things to plant before the longest day"
	m.Text = "Hello Eva\n\nThree things to plant before the longest day:\n\n- beans, in rows a foot apart\n- lettuce, a little every week\n- dahlias, where the sun stays\n\nWith a voucher for your shop in Utrecht.\n\nAcme Garden\n\nNo more of this: https://acme.example/off"
	m.HTML = "<!doctype html>\n<html lang=\"en\">\n<body style=\"margin:0;background:#f4f5f7\">\n  <h1>Hello Eva</h1>\n  <p>Three things to plant before the longest day.</p>\n  <p><a href=\"https://acme.example/off\">No more of this</a></p>\n</body>\n</html>"
	m.Raw = []byte("Date: Mon, 23 Nov 2026 09:12:00 +0000\r\nFrom: " + m.From + "\r\nTo: " + r.Address + "\r\nSubject: " + m.Subject +
		"\r\nMessage-ID: " + m.MessageID + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
		strings.ReplaceAll(m.Text, "\n", "\r\n") + "\r\n")
	m.Sealed = true
	for i := range r.Attempts {
		a := delivery.Attempt{Number: i + 1, At: r.At, State: r.State, Nature: r.Nature, Fault: r.Fault, Code: r.Code, Enhanced: r.Enhanced, Reply: r.Reply}
		if i < r.Attempts-1 {
			a.At, a.State = r.At.Add(time.Duration(i+1-r.Attempts)*15*time.Minute), delivery.MsgDeferred
			a.Code, a.Enhanced, a.Reply, a.Nature, a.Fault = 451, "4.7.1", "Greylisted, please come back later", delivery.NatureGreylisted, delivery.FaultRecipient
		}
		m.Attempts = append(m.Attempts, a)
	}
	return m
}
