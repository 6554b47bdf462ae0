package state

import (
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// What a person can do besides the actions of the table: with a delivery that has
// ended, and about what a banner says.
const (
	Correct delivery.Action = "correct"
	TopUp   delivery.Action = "top_up"
	Decide  delivery.Action = "decide" // what is in doubt
	Unlock  delivery.Action = "unlock" // the passwords, and go on
)

// followButtons are offered for a delivery that has ended.
func followButtons(c *text.Catalog, in Input) []Button {
	v := in.View
	if in.ReadOnly != "" || !in.Operator.Rights.Has(access.Prepare) || !delivery.CanFollow(v.Delivery, delivery.Correction) {
		return nil
	}
	var out []Button
	if v.Counters.Accepted+v.Counters.InDoubt > 0 {
		out = append(out, Button{Action: Correct, Label: c.T("follow.correct"), Tip: c.T("follow.correct_tip"), Weight: Outlined})
	}
	return append(out, Button{Action: TopUp, Label: c.T("follow.top_up"), Tip: c.T("follow.top_up_tip"), Weight: Outlined})
}

// links are the facts that lead to what a delivery follows and to what follows it.
func links(c *text.Catalog, v delivery.View) []Fact {
	var fs []Fact
	if f := v.Followed; f != nil {
		fs = append(fs, Fact{Label: c.T("follow.of." + string(f.Mode)), Value: c.T("follow.value", "code", f.ID.String(), "label", f.Label), Opens: f.ID})
	} else if v.Follows.Delivery != 0 {
		fs = append(fs, Fact{Label: c.T("follow.of." + string(v.Follows.Mode)), Value: v.Follows.Delivery.String()})
	}
	for _, f := range v.Followers {
		fs = append(fs, Fact{Label: c.T("follow.by"), Opens: f.ID,
			Value: c.T("follow.by_value."+string(f.Mode), "code", f.ID.String(), "state", c.State(f.State))})
	}
	return fs
}

// followedAudience is whom a correction is for.
func followedAudience(c *text.Catalog, f delivery.Follow) string {
	if f.Doubtful {
		return c.T("follow.audience_doubtful", "code", f.Delivery.String())
	}
	return c.T("follow.audience", "code", f.Delivery.String())
}

// audienceName is whom a delivery is for, in a few words.
func audienceName(c *text.Catalog, v delivery.View) string {
	if v.Follows.Mode == delivery.Correction {
		return followedAudience(c, v.Follows)
	}
	return v.AudienceName
}

// CorrectionPrefix begins the subject of a correction: in the language of the
// content when that is one of ours, else in that of the window.
func CorrectionPrefix(c *text.Catalog, language string) string {
	if language != "nl" && language != "en" {
		language = c.Language()
	}
	return c.T("follow.prefix." + language)
}
