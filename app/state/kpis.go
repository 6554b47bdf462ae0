package state

import (
	"slices"
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	engine "sendoff/engine/kpi"
)

func planKPIs(c *text.Catalog, v delivery.View) []KPI {
	f := engine.Of(v.Counters)
	if p := v.Plan; p != nil && v.State != delivery.Preparing {
		f = engine.KPIs{Targeted: p.Targeted, ToDeliver: p.ToDeliver, Excluded: p.Targeted - p.ToDeliver}
	}
	out := []KPI{
		kpi(c, "targeted", c.Number(f.Targeted), "", Neutral),
		kpi(c, "to_deliver", c.Number(f.ToDeliver), "", Neutral),
		kpi(c, "excluded", c.Number(f.Excluded), "", Neutral),
	}
	if f.Targeted > 0 {
		out[1].Note = c.T("kpi.of_targeted", "percent", c.Percent(f.ToDeliver, f.Targeted))
	}
	if v.Plan != nil && v.State != delivery.Preparing {
		out[2].Note = strings.Join(causes(c, "cause.item", v.Plan.Causes), " · ")
	}
	return out
}

// causes names the two causes that exclude most and sums the rest, each in the
// form of key.
func causes(c *text.Catalog, key string, causes []delivery.Cause) []string {
	cs := slices.DeleteFunc(slices.Clone(causes), func(x delivery.Cause) bool { return x.Count == 0 })
	slices.SortStableFunc(cs, func(a, b delivery.Cause) int { return int(b.Count - a.Count) })
	var bits []string
	var other int64
	for i, x := range cs {
		if i < 2 || len(cs) == 3 {
			bits = append(bits, c.T(key, "name", c.Cause(x.Nature), "n", x.Count))
			continue
		}
		other += x.Count
	}
	if other > 0 {
		bits = append(bits, c.T(key, "name", c.T("cause.other"), "n", other))
	}
	return bits
}

func sendingKPIs(c *text.Catalog, v delivery.View) []KPI {
	f := engine.Of(v.Counters)
	out := []KPI{
		kpi(c, "to_deliver", c.Number(f.ToDeliver), "", Neutral),
		kpi(c, "sent", c.Number(f.Sent), percent(c, f.SentRate), Neutral),
		kpi(c, "delivered", percent(c, f.DeliveredRate), c.Number(f.Delivered), deliveredTone(f)),
		kpi(c, "errors", percent(c, f.BounceRate), c.Number(f.BouncesErrors), Neutral),
		kpi(c, "open_rate", c.None(), c.T("kpi.no_tracking"), Quiet),
		kpi(c, "click_rate", c.None(), c.T("kpi.no_tracking"), Quiet),
	}
	return out
}

// deliveredTone is green from nine in ten up and red below one in two; in
// between a person judges.
func deliveredTone(f engine.KPIs) Tone {
	switch {
	case f.Sent == 0:
		return Neutral
	case f.Delivered*10 >= f.Sent*9:
		return Green
	case f.Delivered*2 < f.Sent:
		return Red
	}
	return Amber
}

func percent(c *text.Catalog, r engine.Rate) string { return c.Percent(r.Num, r.Den) }

func kpi(c *text.Catalog, key, value, note string, tone Tone) KPI {
	return KPI{Key: key, Label: c.T("kpi." + key), Value: value, Note: note, Tip: c.T("kpi.tip." + key), Tone: tone}
}
