package transport

import (
	"slices"
	"strings"

	"sendoff/engine/delivery"
)

// A rule matches a refusal (4xx or 5xx) from MAIL on. Every field that is set
// must match; the first rule that matches gives the verdict. The first digit of
// the code alone decides between temporary and permanent, so detail leaves the
// class of an enhanced code out: relays do contradict themselves there.
type rule struct {
	stages []Stage  // any when empty
	class  int      // 4 or 5; 0: both
	codes  []int    // reply codes
	detail []string // RFC 3463 subject.detail; "7." stands for the whole subject
	text   []string // one of these is in the text, in lower case
	verdict
}

// verdict is a Verdict whose outcome, when it is Continue, follows the first
// digit: 4 is Deferred, 5 is Rejected.
type verdict Verdict

// Columns of the table.
var (
	atMail     = []Stage{StageMail}
	atCommands = []Stage{StageMail, StageRcpt, StageData}
	atContent  = []Stage{StageData, StageBody, StageDot}
)

func recipient(n delivery.Nature) verdict { return verdict{0, delivery.FaultRecipient, n, ""} }
func relay(n delivery.Nature) verdict     { return verdict{0, delivery.FaultRelay, n, delivery.KindRelay} }
func content(k delivery.Kind) verdict {
	return verdict{0, delivery.FaultContent, delivery.NatureContentRefused, k}
}
func account(n delivery.Nature, k delivery.Kind) verdict {
	return verdict{Suspend, delivery.FaultAccount, n, k}
}

// rules is THE table: what decides alone, then the enhanced code, then the
// text, then the bare code. What no rule knows is the relay's own trouble or
// policy and never counts against a recipient.
var rules = []rule{
	// 1. Codes that decide alone.
	//
	// RFC 4954 section 6: 530 authentication required, 534 mechanism too
	// weak, 535 credentials invalid, 538 encryption required.
	{codes: []int{530, 534, 535, 538}, verdict: account(delivery.NatureAuth, delivery.KindAuth)},
	// RFC 5321 section 3.8: 421, the relay closes the connection. When it says
	// that it took enough on this one (Exim: "too many messages in this
	// connection"), it says nothing about the account's limits.
	{codes: []int{421}, text: []string{"in this connection", "in one connection", "per connection", "on this connection", "this session", "per session"}, verdict: relay(delivery.NatureUnreachable)},
	// RFC 5321 section 4.2.2: 500 unknown command, 502 not implemented, 503
	// bad sequence, 504 parameter not implemented, 555 parameters not
	// recognised (section 4.1.1.11): the two ends do not understand each
	// other, and the message has nothing to do with it. With an enhanced code
	// of another subject the relay has something else to say.
	{stages: atCommands, codes: []int{500, 502, 503, 504, 555}, detail: []string{"", "5."}, verdict: verdict{Suspend, delivery.FaultRelay, delivery.NatureRefused, delivery.KindProtocol}},

	// 2. Enhanced codes: RFC 3463 section 3, the IANA registry, and what
	// large providers document of their own.
	//
	// Our account's limits: Google 5.4.5 (daily limit) and x.7.28 (unusual
	// rate), RFC 3463 x.5.3 (too many recipients), Microsoft 5.1.90 (daily
	// limit).
	{detail: []string{"4.5", "5.3", "7.28", "1.90"}, verdict: account(delivery.NatureRelayLimit, delivery.KindRelay)},
	// Our credentials: RFC 4954 x.7.8 and x.7.9, RFC 5248 x.7.10 and x.7.11
	// (encryption needed), Microsoft 5.7.30, 5.7.57 and 5.7.139.
	{class: 5, detail: []string{"7.8", "7.9", "7.10", "7.11", "7.30", "7.57", "7.139"}, verdict: account(delivery.NatureAuth, delivery.KindAuth)},
	// The authentication of our domain: RFC 7372 section 3 (5.7.20 to
	// 5.7.26), RFC 7505 5.7.27 (our domain has a null MX), Microsoft 5.7.515
	// (bulk sender rules) and 5.7.60 (may not send as this sender).
	{class: 5, detail: []string{"7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26", "7.27", "7.515", "7.60"}, verdict: account(delivery.NatureSenderRefused, delivery.KindSenderRefused)},
	// Our sender address: x.1.7 syntax, x.1.8 its domain.
	{class: 5, detail: []string{"1.7", "1.8"}, verdict: account(delivery.NatureSenderRefused, delivery.KindSenderRefused)},
	// Too large: x.3.4 for the system, x.2.3 for the mailbox.
	{detail: []string{"3.4", "2.3"}, verdict: content(delivery.KindTooLarge)},
	// A recipient's address. At MAIL no recipient has been named yet.
	{stages: notMail(), detail: []string{"1.1", "1.6"}, verdict: recipient(delivery.NatureUserUnknown)},
	{stages: notMail(), detail: []string{"1.2", "1.10"}, verdict: recipient(delivery.NatureInvalidDomain)}, // 5.1.10: RFC 7505, null MX
	{stages: notMail(), detail: []string{"1.3"}, verdict: recipient(delivery.NatureInvalid)},
	{stages: notMail(), detail: []string{"2.1"}, verdict: recipient(delivery.NatureDisabled)},
	{stages: notMail(), detail: []string{"2.2"}, verdict: recipient(delivery.NatureMailboxFull)},
	// Greylisting (RFC 6647 section 2.1): 4.7.1 at first contact.
	{stages: notMail(), class: 4, detail: []string{"7.1"}, verdict: recipient(delivery.NatureGreylisted)},

	// 3. The text, for relays that give no enhanced code or a vague one.
	{stages: notMail(), class: 4, text: []string{"greylist", "graylist", "grey list", "gray list"}, verdict: recipient(delivery.NatureGreylisted)},
	// Postfix judges the sender at RCPT time, and Exim relaying too.
	{class: 5, text: []string{"sender address rejected", "not owned by user", "send as this sender", "sender verify failed", "not allowed to send as"}, verdict: account(delivery.NatureSenderRefused, delivery.KindSenderRefused)},
	{class: 5, text: []string{"relay access denied", "relaying denied", "relay not permitted", "unable to relay", "relaying not allowed"}, verdict: account(delivery.NatureRefused, delivery.KindRelay)},
	// Postfix (smtpd_client_restrictions, smtpd_helo_restrictions) says at RCPT
	// that it does not want this client, whomever it writes to.
	{class: 5, text: []string{"client host rejected", "helo command rejected"}, verdict: account(delivery.NatureRefused, delivery.KindRelay)},
	{class: 5, text: []string{"authentication required", "must authenticate", "not authenticated"}, verdict: account(delivery.NatureAuth, delivery.KindAuth)},
	{text: []string{"daily user sending", "sending quota", "sending limit", "daily limit", "hourly limit", "too many messages", "messages per hour", "messages per day", "rate limit exceeded"}, verdict: account(delivery.NatureRelayLimit, delivery.KindRelay)},
	{stages: notMail(), text: []string{"mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded its quota", "exceeded storage", "over its storage"}, verdict: recipient(delivery.NatureMailboxFull)},
	{text: []string{"message too large", "message too big", "message size exceeds", "size limit"}, class: 5, verdict: content(delivery.KindTooLarge)},
	{stages: notMail(), class: 5, text: []string{"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "user not found", "user doesn't exist", "does not exist", "doesn't have", "mailbox not found", "mailbox unavailable", "recipient not found", "unknown recipient", "invalid recipient", "no mailbox here", "unknown local part"}, verdict: recipient(delivery.NatureUserUnknown)},
	{stages: notMail(), class: 5, text: []string{"account disabled", "account is disabled", "account has been disabled", "mailbox disabled", "account suspended", "account inactive", "account is inactive"}, verdict: recipient(delivery.NatureDisabled)},
	{stages: notMail(), class: 5, text: []string{"unrouteable address", "unroutable address", "domain not found", "unknown domain", "host not found"}, verdict: recipient(delivery.NatureInvalidDomain)},

	// 4. The subject of the enhanced code, when its detail said nothing.
	// A refusal of MAIL is of our sender, unless it answers our SIZE
	// (RFC 1870 section 6.1).
	{stages: atMail, codes: []int{552}, verdict: content(delivery.KindTooLarge)},
	{stages: atMail, class: 5, verdict: account(delivery.NatureSenderRefused, delivery.KindSenderRefused)},
	{stages: notMail(), detail: []string{"1.", "2."}, verdict: recipient(delivery.NatureNotDefined)},
	{detail: []string{"3.", "5."}, verdict: relay(delivery.NatureNotDefined)},
	{detail: []string{"4."}, verdict: relay(delivery.NatureUnreachable)},
	{detail: []string{"6."}, verdict: content(delivery.KindContentRefused)},
	// Policy: before DATA nobody has seen the content.
	{class: 4, detail: []string{"7."}, verdict: relay(delivery.NatureRefused)},
	{stages: []Stage{StageRcpt}, class: 5, detail: []string{"7."}, verdict: relay(delivery.NatureRefused)},
	{stages: atContent, class: 5, detail: []string{"7."}, verdict: content(delivery.KindContentRefused)},

	// 5. Bare codes, RFC 5321 section 4.2.3.
	//
	// 421: the relay closes the connection.
	{codes: []int{421}, verdict: relay(delivery.NatureUnreachable)},
	// 552 at RCPT is the mailbox, later the message.
	{stages: []Stage{StageRcpt}, codes: []int{552}, verdict: recipient(delivery.NatureMailboxFull)},
	{codes: []int{552}, verdict: content(delivery.KindTooLarge)},
	// RFC 7504: 521 and 556, the recipient's domain takes no mail.
	{stages: []Stage{StageRcpt}, codes: []int{521, 556}, verdict: recipient(delivery.NatureInvalidDomain)},
	{stages: []Stage{StageRcpt}, codes: []int{551}, verdict: recipient(delivery.NatureUserUnknown)},
	{stages: []Stage{StageRcpt}, codes: []int{501, 553}, verdict: recipient(delivery.NatureInvalid)},
	{stages: atContent, class: 5, verdict: content(delivery.KindContentRefused)},
	{class: 5, verdict: relay(delivery.NatureRefused)},
	{class: 4, verdict: relay(delivery.NatureNotDefined)},
}

func notMail() []Stage { return []Stage{StageRcpt, StageData, StageBody, StageDot} }

// judgeRefusal looks a refusal up in the table, which knows every 4xx and 5xx.
func judgeRefusal(stage Stage, r Reply) Verdict {
	detail := ""
	if _, after, ok := strings.Cut(r.Enhanced, "."); ok {
		detail = after
	}
	text := withoutPaths(strings.ToLower(r.Text))
	for _, rule := range rules {
		if !rule.matches(stage, r.Code, detail, text) {
			continue
		}
		v := Verdict(rule.verdict)
		if v.Outcome == Continue {
			v.Outcome = Rejected
			if r.Code/100 == 4 {
				v.Outcome = Deferred
			}
		}
		return v
	}
	return Verdict{Suspend, delivery.FaultRelay, delivery.NatureNotDefined, delivery.KindInternal}
}

func (r rule) matches(stage Stage, code int, detail, text string) bool {
	return (len(r.stages) == 0 || slices.Contains(r.stages, stage)) &&
		(r.class == 0 || r.class == code/100) &&
		(len(r.codes) == 0 || slices.Contains(r.codes, code)) &&
		(len(r.detail) == 0 || slices.ContainsFunc(r.detail, func(d string) bool {
			return d == detail || strings.HasSuffix(d, ".") && strings.HasPrefix(detail, d)
		})) &&
		(len(r.text) == 0 || slices.ContainsFunc(r.text, func(t string) bool {
			return strings.Contains(text, t)
		}))
}

// withoutPaths cuts the addresses out of a text: what a mailbox is called must
// not decide what happened to it.
func withoutPaths(s string) string {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], '>')
		if j < 0 {
			return s
		}
		s = s[:i] + s[i+j+1:]
	}
}
