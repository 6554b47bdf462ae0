package people

import (
	"net/url"
	"strconv"
	"strings"

	"sendoff/app/panel"
	"sendoff/engine/delivery"
)

// AudienceTab is the Place.Tab that shows the members of one list.
func AudienceTab(id int64) string { return "audience:" + strconv.FormatInt(id, 10) }

// Place is where the list stands, so that one can come back to it.
func (p *Panel) Place() panel.Place {
	at := panel.Place{Screen: panel.People, Tab: tabOf(p.query), Search: p.query.Search}
	at.Row, at.Scroll = p.grid.Spot()
	return at
}

// tabOf writes all of a query but its search, as in "audience:4?sort=created".
func tabOf(q delivery.ProfileQuery) string {
	s, v := "", url.Values{}
	if q.Audience != 0 {
		s = AudienceTab(q.Audience)
	}
	if q.Denied {
		v.Set("denied", "1")
	}
	if q.Test {
		v.Set("test", "1")
	}
	if q.Sort != delivery.ProfilesByAddress {
		v.Set("sort", string(q.Sort))
	}
	if q.Desc {
		v.Set("desc", "1")
	}
	if len(v) > 0 {
		s += "?" + v.Encode()
	}
	return s
}

// queryOf reads what Place wrote. What cannot be read is left out.
func queryOf(at panel.Place) delivery.ProfileQuery {
	q := delivery.ProfileQuery{Search: at.Search}
	name, rest, _ := strings.Cut(at.Tab, "?")
	if id, ok := strings.CutPrefix(name, "audience:"); ok {
		q.Audience, _ = strconv.ParseInt(id, 10, 64)
	}
	if v, err := url.ParseQuery(rest); err == nil {
		q.Denied, q.Test = v.Get("denied") != "", v.Get("test") != ""
		q.Sort, q.Desc = delivery.ProfileSort(v.Get("sort")), v.Get("desc") != ""
	}
	return q
}
