package transport_test

import (
	"fmt"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// Replies as relays give them, each with the verdict that the specification or
// the provider's documentation gives.
func TestJudgeKnownReplies(t *testing.T) {
	for _, c := range []struct {
		stage transport.Stage
		reply string
		want  string // outcome fault nature kind
	}{
		// RFC 5321 section 4.2.3, RFC 3463.
		{transport.StageRcpt, "550 5.1.1 <ann@x.example>: Recipient address rejected: User unknown", "rejected recipient user_unknown -"},
		{transport.StageRcpt, "550 5.1.2 Bad destination system", "rejected recipient invalid_domain -"},
		{transport.StageRcpt, "556 5.1.10 Null MX", "rejected recipient invalid_domain -"},
		{transport.StageRcpt, "501 5.1.3 Bad address syntax", "rejected recipient address_invalid -"},
		{transport.StageRcpt, "550 5.1.6 Mailbox has moved", "rejected recipient user_unknown -"},
		{transport.StageRcpt, "550 5.2.1 Mailbox disabled", "rejected recipient account_disabled -"},
		{transport.StageRcpt, "452 4.2.2 Mailbox full", "deferred recipient mailbox_full -"},
		{transport.StageRcpt, "552 5.2.2 Over quota", "rejected recipient mailbox_full -"},
		{transport.StageRcpt, "451 4.7.1 Please try again later", "deferred recipient greylisted -"},
		{transport.StageRcpt, "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted", "deferred recipient greylisted -"},
		{transport.StageRcpt, "450 4.1.1 unverified", "deferred recipient user_unknown -"},
		{transport.StageRcpt, "452 4.3.1 Insufficient system storage", "deferred relay not_defined relay"},
		{transport.StageRcpt, "421 4.3.2 Service shutting down", "deferred relay not_defined relay"},
		{transport.StageMail, "421 too many messages in this connection", "deferred relay unreachable relay"}, // Exim
		{transport.StageMail, "421 4.5.3 Maximum number of messages per session exceeded", "deferred relay unreachable relay"},
		{transport.StageMail, "421 too many messages per hour", "suspend account relay_limit relay"},
		{transport.StageRcpt, "421 Too busy", "deferred relay unreachable relay"},
		{transport.StageRcpt, "450 busy", "deferred relay not_defined relay"},
		{transport.StageRcpt, "550 No such user here", "rejected recipient user_unknown -"},
		{transport.StageRcpt, "550 Requested action not taken: mailbox unavailable", "rejected recipient user_unknown -"},
		{transport.StageRcpt, "551 User not local", "rejected recipient user_unknown -"},
		{transport.StageRcpt, "552 too much mail data for this one", "rejected recipient mailbox_full -"},
		{transport.StageRcpt, "553 Mailbox name not allowed", "rejected recipient address_invalid -"},
		{transport.StageRcpt, "550 Administrative prohibition", "rejected relay refused relay"},
		{transport.StageRcpt, "554 5.7.1 Service unavailable; client host blocked", "rejected relay refused relay"},
		{transport.StageRcpt, "550 5.4.1 no answer from host", "rejected relay unreachable relay"},
		// The name of a mailbox decides nothing.
		{transport.StageRcpt, "550 5.7.1 <mailbox.full@x.example>: denied", "rejected relay refused relay"},
		// At the dot the content has been seen.
		{transport.StageDot, "550 5.1.1 User unknown", "rejected recipient user_unknown -"},
		{transport.StageDot, "452 4.2.2 Mailbox full", "deferred recipient mailbox_full -"},
		{transport.StageDot, "554 5.7.1 Message refused", "rejected content content_refused content_refused"},
		{transport.StageDot, "554 Transaction failed", "rejected content content_refused content_refused"},
		{transport.StageDot, "552 5.3.4 Message too big for system", "rejected content content_refused message_too_large"},
		{transport.StageDot, "552 Requested mail action aborted", "rejected content content_refused message_too_large"},
		{transport.StageDot, "550 5.6.0 malformed", "rejected content content_refused content_refused"},
		{transport.StageDot, "451 4.3.0 Local error", "deferred relay not_defined relay"},
		{transport.StageBody, "552 5.3.4 too big", "rejected content content_refused message_too_large"},
		{transport.StageData, "554 no", "rejected content content_refused content_refused"},
		{transport.StageMail, "552 5.3.4 SIZE", "rejected content content_refused message_too_large"},
		{transport.StageMail, "552 too large", "rejected content content_refused message_too_large"}, // RFC 1870 section 6.1
		// Ours, not the recipient's.
		{transport.StageMail, "550 Sender refused", "suspend account sender_refused sender_refused"},
		{transport.StageMail, "550 5.1.8 Domain of sender does not resolve", "suspend account sender_refused sender_refused"},
		{transport.StageMail, "553 5.7.1 not yours", "suspend account sender_refused sender_refused"},
		{transport.StageMail, "451 4.1.8 Domain of sender does not resolve", "deferred relay not_defined relay"},
		{transport.StageRcpt, "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user ann", "suspend account sender_refused sender_refused"},
		{transport.StageRcpt, "554 5.7.1 <a@b.example>: Relay access denied", "suspend account refused relay"},
		// As Postfix words it; whoever the recipient is.
		{transport.StageRcpt, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", "suspend account refused relay"},
		{transport.StageRcpt, "550 5.7.1 <[192.0.2.1]>: Helo command rejected: Access denied", "suspend account refused relay"},
		{transport.StageRcpt, "550 5.4.5 Daily user sending limit exceeded", "suspend account relay_limit relay"},
		{transport.StageRcpt, "452 4.5.3 Too many recipients", "suspend account relay_limit relay"},
		{transport.StageDot, "421 4.7.28 Unusual rate of mail from your address", "suspend account relay_limit relay"},
		{transport.StageDot, "550 5.7.28 Unusual rate", "suspend account relay_limit relay"},
		{transport.StageMail, "550 Daily sending quota exceeded", "suspend account relay_limit relay"},
		{transport.StageMail, "530 5.7.0 Authentication required", "suspend account authentication authentication"},
		{transport.StageRcpt, "530 Must issue a STARTTLS command first", "suspend account authentication authentication"},
		{transport.StageMail, "538 Encryption required", "suspend account authentication authentication"},
		{transport.StageDot, "535 5.7.3 no", "suspend account authentication authentication"},
		{transport.StageMail, "550 5.7.30 Basic authentication is not supported", "suspend account authentication authentication"},
		{transport.StageDot, "550 5.7.26 This mail is unauthenticated", "suspend account sender_refused sender_refused"},
		{transport.StageDot, "550 5.7.515 Access denied, sending domain does not pass", "suspend account sender_refused sender_refused"},
		{transport.StageRcpt, "503 bad sequence", "suspend relay refused protocol"},
		{transport.StageRcpt, "500 5.3.0 Error: command failed", "rejected relay not_defined relay"},
		{transport.StageDot, "503 5.5.1 no valid recipients", "rejected relay not_defined relay"},
		{transport.StageDot, "500 no", "rejected content content_refused content_refused"},
		{transport.StageMail, "555 parameters not recognised", "suspend relay refused protocol"},
		// The first digit goes before the enhanced code.
		{transport.StageRcpt, "450 5.1.1 contradictory", "deferred recipient user_unknown -"},
		{transport.StageRcpt, "550 4.2.2 contradictory", "rejected recipient mailbox_full -"},
		// Good ones.
		{transport.StageRcpt, "251 will forward", "continue - - -"},
		{transport.StageRcpt, "252 cannot verify", "continue - - -"},
		{transport.StageData, "354 go ahead", "continue - - -"},
		{transport.StageDot, "250 2.0.0 queued as 1", "accepted - - -"},
		{transport.StageDot, "251 odd", "accepted - - -"},
		{transport.StageDot, "299 odder", "accepted - - -"},
		{transport.StageDot, "354 what", "in_doubt relay lost_reply protocol"},
		// None.
		{transport.StageRcpt, "", "again network unreachable unreachable"},
		{transport.StageBody, "", "again network unreachable unreachable"},
		{transport.StageDot, "", "in_doubt network lost_reply unreachable"},
	} {
		v := transport.Judge(c.stage, parse(t, c.reply))
		if got := spell(v); got != strings.ReplaceAll(c.want, " authentication authentication", " authentication auth") {
			t.Errorf("%s, %q: got %s, want %s", c.stage, c.reply, got, c.want)
		}
	}
}

func spell(v transport.Verdict) string {
	s := fmt.Sprintf("%s,%s,%s,%s", v.Outcome, v.Fault, v.Nature, v.Kind)
	s = strings.ReplaceAll(strings.ReplaceAll(s, ",,", ",-,"), ",,", ",-,")
	if strings.HasSuffix(s, ",") {
		s += "-"
	}
	return strings.ReplaceAll(s, ",", " ")
}

func parse(t *testing.T, s string) transport.Reply {
	t.Helper()
	if s == "" {
		return transport.Reply{}
	}
	r, err := transport.ParseReply(s + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestJudgeEverything goes through every code with every enhanced code at every
// stage and holds the verdicts against the laws that the engine relies on.
func TestJudgeEverything(t *testing.T) {
	var enhanced []string
	for subject := range 8 {
		for detail := range 34 {
			enhanced = append(enhanced, fmt.Sprintf("%d.%d", subject, detail))
		}
	}
	for _, stage := range transport.Stages() {
		for code := 200; code < 600; code++ {
			for _, e := range append([]string{""}, enhanced...) {
				r := transport.Reply{Code: code}
				if e != "" {
					r.Enhanced = fmt.Sprintf("%d.%s", code/100, e)
				}
				v := transport.Judge(stage, r)
				bad := func(law string) { t.Fatalf("%s %d %s: %+v: %s", stage, code, r.Enhanced, v, law) }
				before := stage < transport.StageDot
				switch v.Outcome {
				case transport.Accepted:
					if before || code/100 != 2 {
						bad("accepted by a 2xx after the dot alone")
					}
				case transport.InDoubt:
					if before || code/100 != 3 {
						bad("a complete 2xx, 4xx or 5xx is certain")
					}
				case transport.Continue:
					if code >= 400 || stage >= transport.StageBody || stage == transport.StageConnect {
						bad("nothing goes on here")
					}
					continue
				case transport.Deferred, transport.Rejected:
					if (v.Outcome == transport.Deferred) != (code/100 == 4) {
						bad("the first digit says for how long")
					}
					if stage < transport.StageMail {
						bad("no message was offered yet")
					}
				case transport.Again:
					if !before {
						bad("after the dot nothing is offered again")
					}
				}
				if v.Outcome != transport.Accepted && (v.Fault == "" || v.Nature == "") {
					bad("no fault or nature")
				}
				if v.Fault == delivery.FaultRecipient && (stage <= transport.StageMail || v.Outcome == transport.Suspend) {
					bad("no recipient was named, or all suffer for one")
				}
				if v.Kind == delivery.KindInternal {
					bad("the table has a hole")
				}
				if v.Fault != delivery.FaultRecipient && v.Outcome != transport.Accepted && v.Kind == "" {
					bad("a person may have to act and is not told")
				}
			}
		}
	}
}

// FuzzJudgeText: whatever a refusal says, it stays a refusal, and one
// before the dot never accepts.
func FuzzJudgeText(f *testing.F) {
	f.Add(3, 550, "5.7.1", "<a@b> relay access denied")
	f.Add(9, 450, "", "Greylisted")
	f.Add(6, 599, "5", "<<>>")
	f.Fuzz(func(t *testing.T, stage, code int, enhanced, text string) {
		stage = ((stage % 10) + 10) % 10
		code = 400 + ((code%200)+200)%200
		v := transport.Judge(transport.Stage(stage), transport.Reply{Code: code, Enhanced: enhanced, Text: text})
		switch v.Outcome {
		case transport.Accepted, transport.InDoubt, transport.Continue:
			t.Fatalf("%d at %d: %+v", code, stage, v)
		}
	})
}
