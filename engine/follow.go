package engine

import (
	"context"
	"regexp"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// FollowRequest asks for a delivery that follows another one.
type FollowRequest struct {
	Mode     delivery.FollowMode
	Audience int64  // of a top-up
	Doubtful bool   // of a correction: also to those of whom nobody knows whether they got it
	Label    string // empty: that of the followed delivery
	Prefix   string // put before the subject, unless it begins so; may be empty
}

// FollowUp makes a new delivery in state Editing that follows another one, with
// its content and account. Needs the right Prepare. KindState when the followed
// one cannot be followed so now; see delivery.CanFollow. KindNotFound when it or
// the audience does not exist.
//
// A delivery.Correction is for exactly those who got the followed delivery, at the
// address that got it. Doubtful should usually be set: who may have got what was
// wrong should get what is right, and who did not has only read a correction of
// something that never came. A delivery.TopUp is for an audience without all
// who got, may have got or may still get a message by the followed delivery or by
// another top-up of it; that is looked up when it is prepared, and once more when
// it is confirmed (KindSealBroken with Detail "recipients").
func (e *Engine) FollowUp(ctx context.Context, who access.Principal, id delivery.ID, r FollowRequest) (delivery.ID, error) {
	f, err := checkDraft(delivery.Draft{Label: "-", Audience: r.Audience,
		Follows: delivery.Follow{Delivery: id, Mode: r.Mode, Doubtful: r.Doubtful}})
	if err != nil {
		return 0, err
	}
	n, err := e.store.FollowUp(ctx, who, f.Follows, func(d *delivery.Draft) {
		d.Audience = f.Audience
		if label := strings.TrimSpace(r.Label); label != "" {
			d.Label = label
		}
		if !strings.HasPrefix(strings.ToLower(d.Content.Subject), strings.ToLower(strings.TrimSpace(r.Prefix))) {
			d.Content.Subject = r.Prefix + d.Content.Subject
		}
	})
	if err == nil {
		err = e.carryFiles(ctx, who, id, n)
	}
	if err != nil {
		return 0, err
	}
	e.changed(n)
	e.changed(id)
	return n, nil
}

// htmlLang finds the language that an HTML document says it is in.
var htmlLang = regexp.MustCompile(`(?is)<html[^>]*?\slang\s*=\s*["']?([a-z]{2,3})\b`)

// Language is the language that a content says it is written in, as two or three
// small letters (RFC 5646, the primary subtag); empty when it does not say.
func Language(c delivery.Content) string {
	m := htmlLang.FindStringSubmatch(c.HTML)
	if m == nil {
		return ""
	}
	return strings.ToLower(m[1])
}
