package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// distance is a receiver further away.
type distance struct {
	trip        time.Duration
	connections int
}

// distances at which the engine is measured.
func distances() []distance {
	return []distance{{20 * time.Millisecond, 16}, {50 * time.Millisecond, 64}, {100 * time.Millisecond, 64}}
}

// parseDistances reads round trips and connections, such as 20ms:16,50ms:64.
func parseDistances(s string) ([]distance, error) {
	var ds []distance
	for one := range strings.SplitSeq(s, ",") {
		trip, connections, _ := strings.Cut(one, ":")
		d, err := time.ParseDuration(trip)
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(connections)
		if err != nil {
			return nil, err
		}
		if d <= 0 || n < 1 {
			return nil, fmt.Errorf("%s is not a round trip and a number of connections", one)
		}
		ds = append(ds, distance{d, n})
	}
	return ds, nil
}

// travelling measures where every answer takes a round trip: there the number of
// trips a message counts, and nothing else.
func travelling(ctx context.Context, o options, t *table) error {
	size, err := letterSize(ctx, o)
	if err != nil {
		return err
	}
	for _, d := range o.distances {
		if err := distant(ctx, o, t, d, size); err != nil {
			return err
		}
	}
	return nil
}

func distant(ctx context.Context, o options, t *table, d distance, size int64) error {
	o.trip, o.connections = d.trip, d.connections
	// As many as can leave in the time there is, at one round trip each.
	o.recipients = max(int(o.tripTime/d.trip), 1) * d.connections
	list := []contender{
		{rawData, "raw client, DATA; neither renders nor records", false, 1, raced(pipelined)},
		{engineData, "sendoff, DATA", false, 1, throughEngine(0, nil)},
		{engineBDAT, "sendoff, BDAT", true, 1, throughEngine(0, nil)},
		{engineOther, "sendoff with go-smtp's client", false, 4, throughEngine(0, throughGoSMTP)},
	}
	near := d.trip == 20*time.Millisecond
	if near {
		list = append(list, contender{engineSlow, "sendoff, DATA, each sync 5 ms longer", false, 1, throughEngine(slowDisk, nil)})
	}
	rc, err := interleave(ctx, o, d.trip.String(), size, list)
	if err != nil {
		return err
	}
	at := fmt.Sprintf("%s round trip, %d connections: ", d.trip, d.connections)
	raw := rawData + " " + rate(rc.rate(rawData))
	// one message for each connection and round trip
	share := func(key string) float64 {
		return rc.rate(key) * d.trip.Seconds() / float64(d.connections)
	}
	if near {
		t.figure(at+"sendoff, DATA ÷ raw client", atLeast(0.95, ratio), rc.ratio(engineData, rawData), raw)
		t.figure(at+"the same, each sync 5 ms longer", atLeast(0.95, ratio), rc.ratio(engineSlow, rawData), raw)
	} else {
		t.shown(at+"sendoff, DATA ÷ raw client", ratio(rc.ratio(engineData, rawData)), raw)
	}
	beside := fmt.Sprintf("raw client %s, sendoff with go-smtp's client %s", ratio(share(rawData)), ratio(share(engineOther)))
	if d.trip == 50*time.Millisecond {
		t.figure(at+"share of one message a connection and trip", atLeast(0.90, ratio), share(engineData), beside)
	} else {
		t.shown(at+"share of one message a connection and trip", ratio(share(engineData)), beside)
	}
	t.shown(at+"sendoff, BDAT", rate(rc.rate(engineBDAT)), fmt.Sprintf("sendoff, DATA %s, with go-smtp's client %s", rate(rc.rate(engineData)), rate(rc.rate(engineOther))))
	rc.details(t, fmt.Sprintf("round trip %s, %d connections", d.trip, d.connections))
	return nil
}
