package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// sayError writes what went wrong to standard error: a sentence, or one JSON
// object.
func (a *app) sayError(err error) {
	if !a.json {
		fmt.Fprintln(a.err, "sendoffctl:", say(err))
		return
	}
	type body struct {
		Kind     string `json:"kind"`
		Sentence string `json:"sentence"`
		Field    string `json:"field,omitempty"`
		File     string `json:"file,omitempty"`
		Line     int    `json:"line,omitempty"`
		Column   int    `json:"column,omitempty"`
		Detail   string `json:"detail,omitempty"`
	}
	out := body{Kind: string(delivery.KindOf(err)), Sentence: say(err)}
	var o *outcome
	var e *delivery.Error
	switch {
	case errors.As(err, &o):
		out.Kind = o.code
	case errors.As(err, &e):
		out.Field, out.File, out.Line, out.Column, out.Detail = e.Field, e.File, e.Line, e.Column, e.Detail
	}
	b, jerr := json.Marshal(map[string]body{"error": out})
	if jerr != nil {
		b = []byte(`{"error":{"kind":"internal"}}`)
	}
	fmt.Fprintf(a.err, "%s\n", b)
}

// say is the sentence for an error: the cause and the way out.
func say(err error) string {
	var o *outcome
	var e *delivery.Error
	switch {
	case errors.As(err, &o):
		return o.sentence
	case errors.As(err, &e):
		return sayKind(e)
	case errors.Is(err, context.Canceled):
		return sayKind(&delivery.Error{Kind: delivery.KindCancelled})
	case err == nil:
		return ""
	}
	return sayKind(&delivery.Error{Kind: delivery.KindInternal, Err: err})
}

func sayKind(e *delivery.Error) string {
	if s := sayFile(e); s != "" {
		return s
	}
	if s := sayRelay(e); s != "" {
		return s
	}
	if e.Op == "design" {
		return fmt.Sprintf("The design of the letter cannot be used: %s%s. Correct it in the block editor.", orPart(e.Field), colon(fault(cause(e))))
	}
	switch e.Kind {
	case delivery.KindUsage:
		return e.Detail + "."
	case delivery.KindInvalid:
		return sayInvalid(e)
	case delivery.KindNotFound:
		return sayNotFound(e)
	case delivery.KindExists:
		return fmt.Sprintf("There is already %s “%s”. Choose another name.", article(e.Field), e.Detail)
	case delivery.KindState:
		return fmt.Sprintf("That is not possible now: the delivery is %s. %s", stateWord(delivery.State(e.Detail)), nextStep(delivery.State(e.Detail)))
	case delivery.KindRight:
		return fmt.Sprintf("%s may not do this: the right to %s is missing. Use --as with somebody who has it.", orSomebody(e.Field), rightWord(e.Detail))
	case delivery.KindStalePlan:
		return "The plan is not the one that was seen" + parenthesis("now "+e.Detail, e.Detail) + ". Nothing was sent; look at the delivery again, then confirm."
	case delivery.KindSealBroken:
		return fmt.Sprintf("It was edited since the preparation: %s. Nothing was sent; prepare it again.", partList(e.Detail))
	case delivery.KindCancelled:
		return "It was interrupted. Nothing was changed."
	case delivery.KindLater:
		return fmt.Sprintf("Not built yet: %s. A later version does it.", e.Detail)
	case delivery.KindTemplate:
		return fmt.Sprintf("The template cannot be read: %s%s%s. Correct it there and try again.", orPart(e.Field), place(e), colon(fault(cause(e))))
	case delivery.KindRule:
		return sayRule(e)
	case delivery.KindTooLarge:
		return "The message is larger than may be sent" + parenthesis(cause(e), cause(e)) + ". Make the content smaller and prepare again."
	}
	return "Something went wrong inside Sendoff" + colon(cause(e)) + ". Nothing is lost; please try again, and report it when it stays."
}

// sayFile has the sentences about files and the workspace; empty for others.
func sayFile(e *delivery.Error) string {
	switch e.Kind {
	case delivery.KindNoFile:
		if strings.HasSuffix(e.File, "sendoff.db") {
			return fmt.Sprintf("There is no workspace here: %s does not exist. Make one with sendoffctl init, or name another folder with --workspace.", e.File)
		}
		if e.File == "" {
			return "The user's data directory is not known. Name a folder with --workspace."
		}
		return fmt.Sprintf("The file %s does not exist. Check its name and place.", e.File)
	case delivery.KindReadOnly:
		return "The workspace can be read but not changed" + colon(cause(e)) + ". Check the rights on its folder" + parenthesis(e.File, e.File) + "."
	case delivery.KindLocked:
		return fmt.Sprintf("Another Sendoff has the workspace %s open. Do it there, or close that one first.", e.File)
	case delivery.KindNewerSchema:
		return "A newer Sendoff made this workspace, so it is open read-only. Install the newest version to change something."
	case delivery.KindPermission:
		return fmt.Sprintf("The system does not allow the use of %s. Check the rights on it, or choose another place.", e.File)
	case delivery.KindDiskFull:
		return fmt.Sprintf("The disk is full: %s cannot be written. Make room and try again; nothing is lost or half done.", orThing(e.File, "the workspace"))
	case delivery.KindDamaged:
		return fmt.Sprintf("%s is damaged%s. Restore it from the folder “backups” beside it; it is left untouched.", orThing(e.File, "The database"), colon(cause(e)))
	case delivery.KindIO:
		return fmt.Sprintf("%s cannot be used%s. Check the disk and try again.", orThing(e.File, "A file"), colon(cause(e)))
	case delivery.KindTOML:
		return fmt.Sprintf("The delivery file %s cannot be used%s%s. Correct it there.", e.File, place(e), colon(cause(e)))
	case delivery.KindNoEmailColumn:
		return fmt.Sprintf("No column of %s has mail addresses (columns: %s). Name it with --map email=COLUMN, by header or number.", e.File, e.Detail)
	case delivery.KindEncoding:
		return fmt.Sprintf("%s is not readable text%s%s. Save it as UTF-8 and try again; nothing of it was kept.", e.File, place(e), colon(cause(e)))
	case delivery.KindRecordTooLong:
		if strings.EqualFold(filepath.Ext(e.File), ".vcf") {
			return fmt.Sprintf("The card%s of %s never ends, or is too large to be one. Correct it and import again; nothing was kept.", place(e), e.File)
		}
		return fmt.Sprintf("The record that begins%s of %s never ends; most likely a quotation mark is not closed. Correct it and import again; nothing was kept.", place(e), e.File)
	case delivery.KindTooManyColumns:
		return fmt.Sprintf("%s has too many columns%s. Leave out what is not needed and import again; nothing was kept.", e.File, place(e))
	case delivery.KindWorkbook:
		return fmt.Sprintf("%s cannot be read as a spreadsheet%s. Save it anew as .xlsx or .csv and import that; nothing was kept.", e.File, colon(cause(e)))
	case delivery.KindBomb:
		return fmt.Sprintf("%s is packed in a way that no list of people is%s. It was not opened. Ask whoever made it for a .csv file.", e.File, parenthesis(e.Detail, e.Detail))
	case delivery.KindRestored:
		return orThing(e.File, "This workspace") + " is an older copy than the journal of what was sent: somebody may have got mail that it does not know of. Look at the deliveries, then resume those you are sure of."
	case delivery.KindShared:
		return fmt.Sprintf("The workspace lies in a folder that %s copies or shares: %s. Its database can be damaged there, and two computers could send the same delivery. Move it to a folder of this computer, or add --start-anyway; it can be looked at as it is.", e.Detail, e.File)
	case delivery.KindCrashes:
		return fmt.Sprintf("Sendoff crashed %s times in a row while it started with the workspace %s, so it sends nothing; what is there can be looked at. Please report it with the file sendoff.crash1 of that folder, or add --start-anyway to try once more.", e.Detail, e.File)
	case delivery.KindBackup:
		return "Today's copy of the workspace could not be made" + colon(e.Detail) + ". Make room or check the folder “backups” of the workspace; sending goes on, and the earlier copies are kept."
	case delivery.KindTakenOver:
		return "Another Sendoff, most likely on another computer, has opened the workspace" + parenthesis(e.File, e.File) + ". This one sends nothing more, and nobody gets two messages by it. Work there, or close it and start this one again."
	case delivery.KindFrozen:
		return fmt.Sprintf("The copy of “%s” that was kept for a recipient is gone or was changed; nothing with it is sent. Stop the delivery and make a top-up: that reads the files anew.", e.Detail)
	case delivery.KindEmptyFile:
		return fmt.Sprintf("%s has no rows. Choose another file.", e.File)
	}
	return ""
}

// sayRelay has the sentences about accounts and their relays; empty for others.
func sayRelay(e *delivery.Error) string {
	switch e.Kind {
	case delivery.KindUnreachable:
		return "The relay does not answer" + colon(cause(e)) + ". Check its host and port, and the network; no message failed by this."
	case delivery.KindAuth:
		return "The relay does not accept the user name or the password" + colon(cause(e)) + ". Correct them, then resume; no message failed by this."
	case delivery.KindToken:
		return "There is no access token to log in with" + colon(fault(e.Detail)) + ". Correct the account, or get a new refresh token from the provider and give it to account edit; no message failed by this."
	case delivery.KindCertificate:
		return "The relay's certificate cannot be trusted" + colon(fault(cause(e))) + ". Check the host name of the account and the clock of this computer; nothing was sent."
	case delivery.KindTLS:
		return "The relay does not offer the encryption that is required" + colon(cause(e)) + ". Use another port, or --security tls; nothing was sent in the clear."
	case delivery.KindRelay:
		return "The relay refuses us" + colon(cause(e)) + ". Ask whoever runs it, then resume; no message failed by this."
	case delivery.KindSenderRefused:
		return "The relay refuses the sender" + colon(cause(e)) + ". Use a sender it knows, and prepare a copy with it; no recipient is to blame."
	case delivery.KindContentRefused:
		return "The relay refuses the content" + colon(cause(e)) + ". Change it in a copy and prepare that; no recipient is to blame."
	case delivery.KindPassword:
		if e.Detail == "" {
			return fmt.Sprintf("There is no password for the account%s. Add it with --password-env, or keep one in the keyring from the window.", quoted(e.Field))
		}
		return fmt.Sprintf("There is no password for the account%s. Set the environment variable %s and try again.", quoted(e.Field), e.Detail)
	case delivery.KindPassphrase:
		return "The passwords are in an encrypted file that needs its passphrase" + colon(e.Detail) + ". Set the environment variable SENDOFF_PASSPHRASE and try again; no message failed by this."
	case delivery.KindSigning:
		return fmt.Sprintf("The messages are to be signed, but the key for %s is not at hand, or is not the one that was published. Run sendoffctl account dkim again and resume; nothing left unsigned.", orThing(e.Detail, "DKIM"))
	case delivery.KindInUse:
		return fmt.Sprintf("This %s is still in use by %s. Let that end, or delete it first.", orThing(e.Field, "thing"), orThing(e.Detail, "a delivery"))
	case delivery.KindLate:
		return "The contact date" + colon(e.Detail) + " passed more than an hour ago while this computer was off or asleep. Resume the delivery to send it now, or stop it; nothing has left."
	case delivery.KindClock:
		return "The clock of this computer was set, or is behind the sending log" + colon(e.Detail) + ". Check date and time, then resume; nothing left at a wrong moment."
	case delivery.KindLimit:
		return "The account's own limit is reached" + colon(e.Detail) + ". Sending goes on by itself when it allows the next message."
	case delivery.KindTimeout:
		return "The relay took too long to answer" + colon(cause(e)) + ". Try again later; no message failed by this."
	case delivery.KindProtocol:
		return "What answers there is not a mail relay" + colon(cause(e)) + ". Check the host and port of the account."
	}
	return ""
}

func sayInvalid(e *delivery.Error) string {
	switch {
	case e.Field == "schedule.zone":
		return fmt.Sprintf("The zone “%s” is not known. Write one as Europe/Amsterdam.", e.Detail)
	case e.Field == "schedule.at":
		return fmt.Sprintf("The date “%s” cannot be read. Write it as 2026-12-01T09:00:00.", e.Detail)
	case e.Field == "account.security":
		return fmt.Sprintf("Mail to %s must be encrypted: without it only a relay on this computer may be used. Use --security starttls or tls.", e.Detail)
	case e.Field == "listen":
		return fmt.Sprintf("The training mail world listens on this computer only, not on “%s”. Write 127.0.0.1 and a port.", e.Detail)
	case e.Field == "dkim.key":
		return sayKey(e.Detail)
	case e.Field == "dkim.algorithm":
		return fmt.Sprintf("The key that is kept for this domain and selector is %s. Take another selector to make a new key.", orThing(e.Detail, "another"))
	case e.Field == "image", e.Field == "asset":
		return sayAsset(e)
	case e.Field == "html_import":
		return "The file " + e.File + " cannot be imported: " + htmlFault(e.Detail) + "."
	case e.Field == "attachment":
		return fileText(delivery.Finding{Code: delivery.FindingCode(e.Detail), Count: 1, Detail: e.File})
	case e.Field == "relays":
		return sayRelays(e.Detail)
	case e.Field == "proof.address":
		return fmt.Sprintf("“%s” is no mail address. Correct it or leave it out; nothing was sent.", e.Detail)
	case e.Field == "proof.count":
		return fmt.Sprintf("A proof goes to 1 to %d addresses, not to %s.", delivery.MaxProof, e.Detail)
	case e.Field == "proof.account":
		return "The delivery has no account. Choose one: sendoffctl delivery relays ID --account NAME."
	case e.Field == "proof.denied":
		return fmt.Sprintf("%s is on the denylist and gets nothing, proofs included. Leave the address out.", e.Detail)
	case e.Field == "proof.quarantine":
		return fmt.Sprintf("%s is in quarantine. Release it in the window, or leave it out.", e.Detail)
	case e.Field == "account.kind":
		return "The training relay has no settings of its own. Name an account of yours."
	case importFault(e) != "":
		return importFault(e)
	case e.Detail == "":
		return fmt.Sprintf("The value of “%s” is missing or cannot be. Fill it in.", e.Field)
	}
	return fmt.Sprintf("“%s” cannot be the value of “%s”%s. Correct it.", e.Detail, e.Field, place(e))
}

// sayRelays says what is wrong with the relays of a delivery.
func sayRelays(code string) string {
	switch code {
	case "training":
		return "The training relay reaches nobody, so it does not go together with a real one. Name real accounts, or the training relay alone."
	case "twice":
		return "An account can be one of the relays once. Name each once, with its weight."
	case "weight":
		return fmt.Sprintf("The weight of a relay is from 1 to %d.", delivery.MaxWeight)
	case "spare", "first":
		return "The first relay cannot be a spare. Name an account for it to stand in for."
	}
	return fmt.Sprintf("A delivery goes through %d relays at most.", delivery.MaxRelays)
}

func sayNotFound(e *delivery.Error) string {
	list := map[string]string{"delivery": "delivery list", "audience": "audience list", "account": "account list", "operator": "operator list"}[e.Field]
	s := fmt.Sprintf("There is no %s “%s”.", orThing(e.Field, "thing"), e.Detail)
	if list != "" {
		s += " See sendoffctl " + list + "."
	}
	return s
}

// cause is the most exact thing that an error knows.
func cause(e *delivery.Error) string {
	switch {
	case e.Detail != "" && e.Err != nil && !strings.Contains(e.Err.Error(), e.Detail) && delivery.KindOf(e.Err) == delivery.KindInternal:
		return e.Detail + ", " + e.Err.Error()
	case e.Detail != "":
		return e.Detail
	case e.Err != nil:
		return e.Err.Error()
	}
	return ""
}

// place names the line and column, if the error has one.
func place(e *delivery.Error) string {
	switch {
	case e.Line > 0 && e.Column > 0:
		return " at line " + strconv.Itoa(e.Line) + ", column " + strconv.Itoa(e.Column)
	case e.Line > 0:
		return " at line " + strconv.Itoa(e.Line)
	}
	return ""
}

func colon(s string) string {
	if s == "" {
		return ""
	}
	return ": " + strings.TrimRight(s, ".")
}

func parenthesis(text, ifAny string) string {
	if ifAny == "" {
		return ""
	}
	return " (" + text + ")"
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return " “" + s + "”"
}

func orThing(s, thing string) string {
	if s == "" {
		return thing
	}
	return s
}

func orSomebody(name string) string { return orThing(name, "This operator") }
func orPart(part string) string     { return "the " + orThing(part, "content") }

func article(what string) string {
	if what == "" {
		return "something called"
	}
	if strings.ContainsRune("aeiou", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

func rightWord(r string) string { return mayDo(access.Rights{access.Right(r)}) }
