package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// deliveryFile is a delivery as people write it down.
type deliveryFile struct {
	Label      string     `toml:"label"`
	From       string     `toml:"from"`
	ReplyTo    string     `toml:"reply_to"`
	Subject    string     `toml:"subject"`
	Preheader  string     `toml:"preheader"`
	Template   string     `toml:"template"` // in the place of html: the name of one
	HTML       string     `toml:"html"`
	HTMLInline string     `toml:"html_inline"`
	Text       string     `toml:"text"`
	TextInline string     `toml:"text_inline"`
	Audience   string     `toml:"audience"`
	Account    string     `toml:"account"`
	Relays     []struct { // several, in the place of account
		Account string `toml:"account"`
		Weight  *int   `toml:"weight"` // 1 when absent
		Spare   bool   `toml:"spare"`
	} `toml:"relays"`
	Language    string            `toml:"language"`
	Images      string            `toml:"images"`
	Folder      string            `toml:"attachment_folder"`
	Attachments []attachmentEntry `toml:"attachments"`
	Tracking    bool              `toml:"tracking"`
	Follows     *struct {
		Delivery any    `toml:"delivery"` // 3 or "DM3"
		Mode     string `toml:"mode"`
		Doubtful *bool  `toml:"doubtful"` // of a correction; true when absent
	} `toml:"follows"`
	Schedule struct {
		Mode    string `toml:"mode"`
		At      any    `toml:"at"` // a string, or a TOML local date-time
		Zone    string `toml:"zone"`
		Rule    string `toml:"rule"`
		Request bool   `toml:"request_confirmation"`
	} `toml:"schedule"`
}

// readDraft reads a delivery file and everything it names. Audience and account
// are looked up by name, or by number.
func readDraft(ctx context.Context, e Engine, who access.Principal, path string) (delivery.Draft, error) {
	var d delivery.Draft
	f, err := decode(path)
	if err != nil {
		return d, err
	}
	d.Label, d.Tracking = f.Label, f.Tracking
	d.Content = delivery.Content{From: f.From, ReplyTo: f.ReplyTo, Subject: f.Subject, Preheader: f.Preheader}
	if d.Content.HTML, err = body(path, "html", f.HTML, f.HTMLInline); err != nil {
		return d, err
	}
	if d.Content.Text, err = body(path, "text", f.Text, f.TextInline); err != nil {
		return d, err
	}
	if d.Schedule, err = f.schedule(path); err != nil {
		return d, err
	}
	if err := f.content(ctx, e, who, path, &d.Content); err != nil {
		return d, err
	}
	if d.Follows, err = f.follows(path); err != nil {
		return d, err
	}
	if d.Audience, err = findAudience(ctx, e, f.Audience); err != nil {
		return d, err
	}
	if err := f.begin(ctx, e, who, path, &d); err != nil {
		return d, err
	}
	if len(f.Relays) > 0 {
		return d, f.relays(ctx, e, path, &d)
	}
	d.Account, err = findAccount(ctx, e, f.Account)
	return d, err
}

// relays puts the relays of the file into a draft.
func (f deliveryFile) relays(ctx context.Context, e Engine, path string, d *delivery.Draft) error {
	bad := func(detail string) error {
		return &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Field: "relays", Detail: detail}
	}
	if f.Account != "" {
		return bad("it has both account and [[relays]]")
	}
	var names []relayName
	first := false
	for _, r := range f.Relays {
		n := relayName{name: r.Account, weight: 1, spare: r.Spare}
		if r.Weight != nil {
			n.weight = *r.Weight
		}
		if n.name == "" {
			return bad("[[relays]] needs account, the name of one")
		}
		if n.weight < 1 || n.weight > delivery.MaxWeight {
			return bad("weight in [[relays]] is from 1 to " + strconv.Itoa(delivery.MaxWeight))
		}
		first = first || !n.spare
		names = append(names, n)
	}
	if !first {
		return bad("[[relays]] has spares alone")
	}
	return setRelays(ctx, e, d, names)
}

// decode reads the TOML. A key that does not exist is an error: a misspelt one
// must not be ignored.
func decode(path string) (deliveryFile, error) {
	var f deliveryFile
	b, err := readFile(path)
	if err != nil {
		return f, err
	}
	dec := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	err = dec.Decode(&f)
	var strict *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		first := strict.Errors[0]
		line, column := first.Position()
		return f, &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Line: line, Column: column,
			Detail: "there is no key “" + strings.Join(first.Key(), ".") + "”"}
	case errors.As(err, &bad):
		line, column := bad.Position()
		return f, &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Line: line, Column: column,
			Detail: strings.TrimPrefix(bad.Error(), "toml: ")}
	case err != nil:
		return f, &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Detail: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	return f, nil
}

// body is the text of a part: inline, or from a file beside the delivery file.
func body(toml, key, file, inline string) (string, error) {
	switch {
	case file != "" && inline != "":
		return "", &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: toml, Detail: "it has both " + key + " and " + key + "_inline"}
	case file == "":
		return inline, nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(toml), filepath.FromSlash(file))
	}
	b, err := readFile(file)
	if err != nil {
		return "", err
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return "", &delivery.Error{Op: "read", Kind: delivery.KindEncoding, File: file, Line: 1 + bytes.Count(b[:i], []byte("\n")),
				Detail: "the byte 0x" + strconv.FormatUint(uint64(b[i]), 16) + " is not UTF-8"}
		}
		i += n
	}
	return string(b), nil
}

func readFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, &delivery.Error{Op: "read", Kind: delivery.KindNoFile, File: path, Err: err}
	case errors.Is(err, os.ErrPermission):
		return nil, &delivery.Error{Op: "read", Kind: delivery.KindPermission, File: path, Err: err}
	case err != nil:
		return nil, &delivery.Error{Op: "read", Kind: delivery.KindIO, File: path, Err: err}
	}
	return b, nil
}

// localLayout is a date without a zone as the engine takes it.
const localLayout = "2006-01-02T15:04:05"

func (f deliveryFile) schedule(path string) (delivery.Schedule, error) {
	s := f.Schedule
	bad := func(detail string) (delivery.Schedule, error) {
		return delivery.Schedule{}, &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Field: "schedule", Detail: detail}
	}
	if s.Rule != "" || s.Request {
		return delivery.Schedule{}, &delivery.Error{Op: "read", Kind: delivery.KindLater, Detail: "a recurring delivery ([schedule] rule)"}
	}
	at := ""
	switch v := s.At.(type) {
	case nil:
	case string:
		at = v
	case toml.LocalDateTime:
		at = v.AsTime(time.UTC).Format(localLayout)
	case time.Time:
		return bad("[schedule] at is the clock of the zone, without an offset")
	default:
		return bad("[schedule] at is a date and time, such as 2026-12-01T09:00:00")
	}
	switch strings.ReplaceAll(s.Mode, " ", "_") {
	case string(delivery.OnceConfirmed):
		if at != "" || s.Zone != "" {
			return bad("[schedule] has both a mode “once confirmed” and a date")
		}
	case "", string(delivery.AtDate):
		if at == "" && s.Zone == "" && s.Mode == "" {
			break
		}
		if at == "" || s.Zone == "" {
			return bad("[schedule] needs both at and zone")
		}
		return delivery.Schedule{Mode: delivery.AtDate, Local: at, Zone: s.Zone}, nil
	default:
		return bad("[schedule] mode is “once confirmed”, or it has at and zone")
	}
	return delivery.Schedule{Mode: delivery.OnceConfirmed}, nil
}

// follows reads which delivery it follows, and how.
func (f deliveryFile) follows(path string) (delivery.Follow, error) {
	if f.Follows == nil {
		return delivery.Follow{}, nil
	}
	out := delivery.Follow{Mode: delivery.FollowMode(f.Follows.Mode)}
	bad := func(detail string) (delivery.Follow, error) {
		return out, &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Field: "follows", Detail: detail}
	}
	id, err := delivery.ParseID(fmt.Sprint(f.Follows.Delivery))
	if err != nil {
		return bad("follows needs delivery, the number of one, such as 3")
	}
	if !slices.Contains(delivery.FollowModes(), out.Mode) {
		return bad("follows has the mode “correction” or “top_up”")
	}
	out.Delivery = id
	out.Doubtful = out.Mode == delivery.Correction && (f.Follows.Doubtful == nil || *f.Follows.Doubtful)
	return out, nil
}

// findAudience looks an audience up; an empty name is none.
func findAudience(ctx context.Context, e Engine, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	as, err := e.Audiences(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range as {
		if same(name, a.Name, a.ID) {
			return a.ID, nil
		}
	}
	return 0, &delivery.Error{Op: "read", Kind: delivery.KindNotFound, Field: "audience", Detail: name}
}

// findAccount looks an account up; an empty name is none.
func findAccount(ctx context.Context, e Engine, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	as, err := e.Accounts(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range as {
		if same(name, a.Name, a.ID) {
			return a.ID, nil
		}
	}
	return 0, &delivery.Error{Op: "read", Kind: delivery.KindNotFound, Field: "account", Detail: name}
}

func same(given, name string, id int64) bool {
	given = strings.TrimSpace(given)
	return strings.EqualFold(given, strings.TrimSpace(name)) || given == strconv.FormatInt(id, 10)
}
