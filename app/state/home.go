package state

import (
	"slices"
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	engine "sendoff/engine/kpi"
)

// Card is one delivery in the list.
type Card struct {
	ID     delivery.ID
	Title  string
	Note   string
	Chip   Chip
	Tone   Tone
	Banner string // what waits on a person, empty when nothing does
	KPIs   []KPI
	Delete bool // may be deleted now
}

// Home makes the list of deliveries, the newest first.
func Home(c *text.Catalog, views []delivery.View, o access.Operator, now time.Time) []Card {
	vs := slices.Clone(views)
	slices.SortStableFunc(vs, func(a, b delivery.View) int {
		if d := b.Created.Compare(a.Created); d != 0 {
			return d
		}
		return int(b.ID - a.ID)
	})
	out := make([]Card, len(vs))
	for i, v := range vs {
		out[i] = CardOf(c, v, o, now)
	}
	return out
}

// CardOf makes the card of one delivery.
func CardOf(c *text.Catalog, v delivery.View, o access.Operator, now time.Time) Card {
	k := Card{ID: v.ID, Title: title(c, v), Tone: toneOf(v.State), Note: cardNote(c, v, now)}
	k.Chip = Chip{Text: c.State(v.State), Tone: k.Tone}
	if f := engine.Of(v.Counters); v.State == delivery.Sending && f.ToDeliver > 0 {
		k.Chip.Text = c.T("home.chip_percent", "state", c.T("tile.sending"), "percent", percent(c, f.SentRate))
	}
	if v.State == delivery.Ready && len(v.Broken) == 0 {
		k.Tone, k.Chip.Tone = Amber, Amber
		if o.Rights.Has(access.Start) {
			k.Banner = c.T("home.waits")
		}
	}
	k.KPIs = cardKPIs(c, v)
	k.Delete = o.Rights.Has(access.Prepare) && (!v.State.Sealed() || v.State.Ended()) && v.State != delivery.Preparing
	return k
}

func cardNote(c *text.Catalog, v delivery.View, now time.Time) string {
	switch {
	case v.State == delivery.Stopped || v.State == delivery.Failed:
		return c.T("home.stopped", "date", c.When(v.Finished, now), "got", v.Counters.Accepted,
			"not", v.Counters.ToDeliver()-v.Counters.Accepted)
	case v.State.Ended():
		return c.T("home.ended", "date", c.When(v.Finished, now))
	case v.State == delivery.Confirmed && v.Schedule.Mode == delivery.AtDate:
		return c.T("home.leaves", "date", c.DateTimeIn(v.Schedule.At, zoneOf(c, v)))
	case v.Confirmation != nil && v.State.Sealed():
		return c.T("home.confirmed_by", "name", v.Confirmation.By, "time", c.When(v.Confirmation.At, now))
	case v.State == delivery.Ready && v.Plan != nil:
		return c.T("home.prepared", "time", c.When(v.Plan.At, now))
	case v.Plan == nil:
		return c.T("home.not_prepared")
	}
	return c.T("home.created", "date", c.Date(v.Created))
}

func cardKPIs(c *text.Catalog, v delivery.View) []KPI {
	f := engine.Of(v.Counters)
	if sent(v.State) {
		return []KPI{
			kpi(c, "sent", c.Number(f.Sent), "", Neutral),
			kpi(c, "delivered", percent(c, f.DeliveredRate), "", Neutral),
			kpi(c, "errors", percent(c, f.BounceRate), "", Neutral),
		}
	}
	value := c.None()
	if v.Plan != nil {
		value = c.Number(v.Plan.ToDeliver)
	}
	return []KPI{kpi(c, "to_deliver", value, "", Neutral)}
}
