package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// stateWord is a state in words.
func stateWord(s delivery.State) string {
	switch s {
	case delivery.Editing:
		return "being edited"
	case delivery.Preparing:
		return "being prepared"
	case delivery.PreparationFailed:
		return "preparation failed"
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

// nextStep is what can be done in a state.
func nextStep(s delivery.State) string {
	switch s {
	case delivery.Editing:
		return "Prepare it first."
	case delivery.Preparing:
		return "Wait for the preparation to end."
	case delivery.PreparationFailed:
		return "Correct what its findings say and prepare it again."
	case delivery.Ready:
		return "Confirm it first."
	case delivery.Confirmed, delivery.Sending, delivery.Retrying:
		return "It has been confirmed; it can be paused or stopped."
	case delivery.Paused:
		return "It can be resumed or stopped."
	}
	return "Duplicate it to send it again, correct it, or top it up."
}

// natureWord is the nature of an exclusion or a failure in words.
func natureWord(n delivery.Nature) string {
	switch n {
	case delivery.NatureMissing:
		return "no address"
	case delivery.NatureInvalid:
		return "address invalid"
	case delivery.NatureDenylist:
		return "on the denylist"
	case delivery.NatureQuarantine:
		return "in quarantine"
	case delivery.NatureWritten:
		return "got it already"
	}
	return strings.ReplaceAll(string(n), "_", " ")
}

func partWords(parts []delivery.Part) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = string(p)
	}
	return strings.Join(out, ", ")
}

func partList(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }), ", ")
}

// pauseSentence says who or what paused a delivery, and why.
func pauseSentence(p *delivery.PauseReason) string {
	switch {
	case p == nil:
		return "It stands still."
	case p.By != "":
		return fmt.Sprintf("Paused by %s at %s.", p.By, moment(p.At))
	}
	return say(&delivery.Error{Kind: p.Kind, Detail: p.Detail})
}

// findingSentence is what a control rule found, with its place and the way out.
func findingSentence(f delivery.Finding) string {
	s := findingText(f)
	if f.Part == "" {
		return s
	}
	where := f.Part
	if f.Line > 0 {
		where += fmt.Sprintf(", line %d", f.Line)
	}
	if f.Line > 0 && f.Column > 0 {
		where += fmt.Sprintf(", column %d", f.Column)
	}
	return where + ": " + s
}

func findingText(f delivery.Finding) string {
	switch f.Code {
	case delivery.FindSubjectEmpty:
		return "The subject is empty. Write one."
	case delivery.FindSubjectLong:
		return "The subject is long; many mailboxes show only its first 60 characters."
	case delivery.FindSubjectCharacters:
		return "The subject or sender has line breaks or control characters. Remove them."
	case delivery.FindSenderEmpty:
		return "The sender is empty. Set from to a name and an address."
	case delivery.FindSenderInvalid:
		return "The sender is not a mail address. Write it as Name <name@domain>."
	case delivery.FindReplyToInvalid:
		return "The reply-to is not a mail address. Correct it, or leave it out."
	case delivery.FindContentEmpty:
		return "There is nothing to send. Set html or text."
	case delivery.FindNoUnsubscribe:
		return "There is no link to unsubscribe. Add one to {{ unsubscribe_url }}."
	case delivery.FindTemplate:
		return "The template cannot be read" + colon(fault(f.Detail)) + ". Correct it there."
	case delivery.FindUnknownField:
		return fmt.Sprintf("“%s” is not a column of the audience. Correct the name, or choose another audience.", f.Detail)
	case delivery.FindMissingValue:
		return fmt.Sprintf("%s no value for “%s”. Give it a default.", plural(f.Count, "recipient has", "recipients have"), f.Detail)
	case delivery.FindMirror:
		return "mirror_url leads nowhere yet. Remove that link."
	case delivery.FindTargetEmpty:
		return "The audience is empty. Import people, or choose another one."
	case delivery.FindNothingToSend:
		return "Everybody in the audience is excluded. Look at the causes."
	case delivery.FindNoAudience:
		return "It has no audience. Set audience to the name of one; sendoffctl audience list shows them."
	case delivery.FindNoAccount:
		return "It has no account. Set account to the name of one; sendoffctl account list shows them."
	case delivery.FindTooLarge:
		return "The largest message has " + f.Detail + " bytes, more than may be sent. Make the content smaller."
	case delivery.FindLarge:
		return "The message is over 102 KB, where Gmail cuts it off. Make the content smaller."
	case delivery.FindRender:
		return fmt.Sprintf("%s could not be written, for example to %s. Correct the template or the data.", plural(f.Count, "message", "messages"), f.Detail)
	case delivery.FindDateInPast:
		return "The contact date is past: it leaves at once when confirmed."
	case delivery.FindRuleBroken:
		return "The rule of the audience cannot be used: " + ruleFault(f.Detail, "") + "."
	case delivery.FindRuleField:
		return fmt.Sprintf("The rule of the audience asks for the field “%s”, which nobody has. Correct the rule.", f.Detail)
	case delivery.FindRuleAudience:
		return fmt.Sprintf("The rule of the audience refers to another audience that is gone (number %s). Correct the rule.", f.Detail)
	case delivery.FindRuleDelivery:
		return fmt.Sprintf("The rule of the audience refers to %s, which is gone. Correct the rule.", f.Detail)
	case delivery.FindFollowedUnderWay:
		return f.Detail + " is under way again: whoever gets it from now on is not in this correction. Prepare again when it has ended."
	case delivery.FindTrackingLater:
		return "Opens and clicks are not counted yet."
	}
	for _, text := range []func(delivery.Finding) string{writtenText, fileText} {
		if s := text(f); s != "" {
			return s
		}
	}
	return string(f.Code) + colon(f.Detail)
}

// logSentence is one line of a delivery's own log.
func logSentence(l delivery.LogLine) string {
	p := func(name string) string { return l.Params[name] }
	reason := func() string {
		return say(&delivery.Error{Kind: delivery.Kind(p("kind")), Detail: p("detail")})
	}
	switch l.Code {
	case "created":
		return "Created."
	case "edited":
		return "Edited: " + partList(p("parts")) + "."
	case "prepare_started":
		return "Preparation started."
	case "rule":
		return fmt.Sprintf("Rule “%s”: %s excluded.", natureWord(delivery.Nature(p("nature"))), p("count"))
	case "prepare_done":
		return fmt.Sprintf("Preparation completed in %s s: %s targeted, %s to deliver, %s warnings, plan %s.", p("seconds"), p("targeted"), p("to_deliver"), p("warnings"), p("plan"))
	case "prepare_failed":
		return fmt.Sprintf("Preparation failed: %s errors.", p("errors"))
	case "prepare_stopped":
		return "Preparation stopped; nothing was changed."
	case "confirmed":
		return fmt.Sprintf("Confirmed: %s messages, plan %s.", p("count"), p("plan"))
	case "started":
		return "Sending started through " + p("account") + "."
	case "paused":
		return "Paused."
	case "paused_by_breaker":
		return "Paused by Sendoff itself. " + reason()
	case "resumed":
		return "Resumed."
	case "stopped":
		return fmt.Sprintf("Stopped: %s got it, %s did not.", p("got"), p("not"))
	case "hold":
		return "Waiting until " + p("until") + ". " + reason()
	case "domain_hold":
		return "Nothing more for " + p("domain") + " leaves through " + p("account") + " until " + p("until") + ": the relay puts it off. The other domains go on. " + reason()
	case "relay_out":
		s := "The relay " + p("account") + " is left out. "
		if p("until") != "" {
			s = "The relay " + p("account") + " is left out and tried again by itself. "
		}
		return s + "The others take its messages. " + reason()
	case "relay_back":
		return "The relay " + p("account") + " takes messages again."
	case "database_locked":
		return "Another program holds the database. Nothing is lost; sending goes on when it lets go."
	case "woke":
		return "This computer was asleep. Its connections were closed; sending goes on over new ones."
	case "recovered":
		return fmt.Sprintf("Opened again after an interruption: %s in doubt, %s released.", p("in_doubt"), p("released"))
	case "retrying":
		return fmt.Sprintf("First attempts done; %s deferred.", p("deferred"))
	case "finished":
		return fmt.Sprintf("Finished in %s s: %s accepted, %s rejected, %s in doubt.", p("seconds"), p("accepted"), p("rejected"), p("in_doubt"))
	case "proof_sent":
		return fmt.Sprintf("Proof %s sent: %s of %s accepted.", p("number"), p("accepted"), p("count"))
	case "doubt_resolved":
		n, _ := strconv.ParseInt(p("count"), 10, 64)
		return sentence(fmt.Sprintf("%s; %s in doubt", decidedWords(delivery.Decision(p("decision")), n), p("left")))
	case "stats":
		return fmt.Sprintf("Counted anew from the sending log: %s differences.", p("differences"))
	}
	// A newer engine may write codes that this program has no words for.
	names := make([]string, 0, len(l.Params))
	for n := range l.Params {
		names = append(names, n)
	}
	sort.Strings(names)
	s := l.Code
	for _, n := range names {
		s += " " + n + "=" + l.Params[n]
	}
	return s
}

// sentence begins a text with a capital and ends it with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
