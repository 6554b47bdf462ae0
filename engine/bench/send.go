package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Keys of the contenders.
const (
	rawData     = "raw DATA"
	rawBDAT     = "raw BDAT"
	engineData  = "engine DATA"
	engineBDAT  = "engine BDAT"
	engineSlow  = "engine slow disk"
	engineOther = "engine go-smtp"
	otherClient = "go-smtp"
	obviousWay  = "obvious"
	postfix     = "smtp-source"
)

// slowDisk is what each sync takes besides on a slow disk.
const slowDisk = 5 * time.Millisecond

// Those who send.
func contenders(o options) []contender {
	list := []contender{
		{rawData, "raw client, DATA, one write a message; neither renders nor records", false, 1, raced(pipelined)},
		{rawBDAT, "raw client, BDAT, eight on the way; neither renders nor records", true, 1, raced(chunked)},
		{engineData, "sendoff, DATA", false, 1, throughEngine(0, nil)},
		{engineBDAT, "sendoff, BDAT", true, 1, throughEngine(0, nil)},
		{engineSlow, "sendoff, DATA, each sync 5 ms longer", false, 4, throughEngine(slowDisk, nil)},
		{engineOther, "sendoff with go-smtp's client", false, 4, throughEngine(0, throughGoSMTP)},
		{otherClient, "go-smtp's client; neither renders nor records", false, 4, raced(gosmtp)},
		{obviousWay, "html/template + go-mail + go-smtp's client; records nothing", false, 4, obviousSend},
	}
	if o.source != "" {
		list = append(list, contender{postfix, fmt.Sprintf("smtp-source -d -s %d; neither renders nor records", o.connections), false, 1, source})
	}
	return list
}

// invited are the contenders that are asked for by key; all for none.
func invited(list []contender, keys []string) ([]contender, error) {
	for _, k := range keys {
		if !slices.ContainsFunc(list, func(c contender) bool { return c.key == k }) {
			return nil, fmt.Errorf("-senders: nobody is called %q", k)
		}
	}
	return slices.DeleteFunc(list, func(c contender) bool { return len(keys) > 0 && !slices.Contains(keys, c.key) }), nil
}

// sending measures a whole deployment beside clients that only send, and beside
// what one would build at first.
func sending(ctx context.Context, o options, t *table) error {
	size, err := letterSize(ctx, o)
	if err != nil {
		return err
	}
	list, err := invited(contenders(o), o.senders)
	if err != nil {
		return err
	}
	rc, err := interleave(ctx, o, "send", size, list)
	if err != nil {
		return err
	}
	beside := func(key string) string { return key + " " + rate(rc.rate(key)) }
	pair := func(name string, b bar, ours, theirs string) {
		if !rc.has(ours) || !rc.has(theirs) {
			t.absent(name, b, "not measured")
			return
		}
		t.figure(name, b, rc.ratio(ours, theirs), beside(theirs)+", ours "+rate(rc.rate(ours)))
	}
	pair("sendoff, DATA ÷ raw client, DATA", atLeast(0.40, ratio), engineData, rawData)
	pair("sendoff, BDAT ÷ raw client, DATA", atLeast(0.85, ratio), engineBDAT, rawData)
	data, bdat := atLeast(1.4, ratio), atLeast(3, ratio)
	if o.source != "" {
		pair("sendoff, DATA ÷ smtp-source -d", data, engineData, postfix)
		pair("sendoff, BDAT ÷ smtp-source -d", bdat, engineBDAT, postfix)
	} else {
		t.absent("sendoff, DATA ÷ smtp-source -d", data, "smtp-source is not there")
		t.absent("sendoff, BDAT ÷ smtp-source -d", bdat, "smtp-source is not there")
	}
	waits := func(name, key string, b bar) {
		if !rc.has(key) {
			t.absent(name, b, "not measured")
			return
		}
		journal := func(r result) float64 { return float64(r.syncs) / float64(r.n) }
		database := func(r result) float64 { return float64(r.commits) / float64(r.n) }
		t.figure(name, b, rc.of(key, func(r result) float64 { return journal(r) + database(r) }),
			fmt.Sprintf("journal %.4f, transactions of the database %.4f", rc.of(key, journal), rc.of(key, database)))
	}
	waits("syncs a message, DATA", engineData, atMost(0.06, small))
	waits("syncs a message, BDAT", engineBDAT, atMost(0.02, small))
	if slow := atLeast(3000, rate); rc.has(engineSlow) {
		t.figure("sendoff, DATA, each sync 5 ms longer", slow, rc.rate(engineSlow), "")
	} else {
		t.absent("sendoff, DATA, each sync 5 ms longer", slow, "not measured")
	}
	pair("sendoff, BDAT ÷ html/template + go-mail + go-smtp", atLeast(8, ratio), engineBDAT, obviousWay)
	if rc.has(engineData) && rc.has(obviousWay) {
		t.shown("sendoff, DATA ÷ html/template + go-mail + go-smtp", ratio(rc.ratio(engineData, obviousWay)), "")
	}
	if rc.has(engineData) && rc.has(engineOther) {
		t.shown("sendoff, DATA ÷ sendoff with go-smtp's client", ratio(rc.ratio(engineData, engineOther)), beside(engineOther))
	}
	rc.details(t, fmt.Sprintf("send messages of %.1f KB over %d connections, round trip %s", float64(size)/1000, o.connections, o.trip))
	return nil
}
