package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/preview"
)

func deliveryPreview(fs *flag.FlagSet) action {
	profile := fs.String("profile", "", "")
	riskiest := fs.Bool("riskiest", false, "")
	out := fs.String("out", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		if *profile != "" && *riskiest {
			return usagef("--profile and --riskiest exclude each other")
		}
		return a.look(ctx, func(e Engine) error {
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			shown, err := a.choose(ctx, e, v, *profile, *riskiest)
			if err != nil {
				return err
			}
			for i := range shown {
				s := &shown[i]
				if s.p, err = e.PreviewDraft(ctx, id, v.Draft, engine.PreviewAs{Profile: s.profile}); err != nil {
					return err
				}
				if *out != "" {
					if err := s.write(ctx, e, a.path(*out)); err != nil {
						return err
					}
				}
			}
			return a.previews(shown, *riskiest)
		})
	}
}

// shown is one message that is previewed.
type shown struct {
	reason  preview.Reason // empty when it was not looked for
	fields  []string
	profile int64
	p       engine.Preview
	files   []string
}

// choose finds whose messages are shown.
func (a *app) choose(ctx context.Context, e Engine, v delivery.View, address string, riskiest bool) ([]shown, error) {
	switch {
	case address != "":
		p, err := profileOf(ctx, e, address)
		return []shown{{profile: p.ID}}, err
	case riskiest:
		risks, err := e.Riskiest(ctx, v.ID, v.Draft)
		var out []shown
		for _, r := range risks {
			out = append(out, shown{reason: r.Reason, fields: r.Fields, profile: r.Profile})
		}
		return out, err
	}
	id, err := e.NeighbourOf(ctx, v.Draft, 0, 1)
	if delivery.Is(err, delivery.KindNotFound) {
		return []shown{{}}, nil // nobody yet: as somebody about whom nothing is known
	}
	return []shown{{profile: id}}, err
}

// write writes a message into a folder, as HTML of one piece and as text.
func (s *shown) write(ctx context.Context, e Engine, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileError(dir, err)
	}
	name := strings.ReplaceAll(string(s.reason), "_", "-")
	if name == "" {
		name = "preview"
	}
	parts := []struct {
		ext  string
		data []byte
	}{{".txt", []byte(s.p.Text)}}
	if s.p.HTML != "" {
		parts = append(parts, struct {
			ext  string
			data []byte
		}{".html", e.Document(ctx, s.p, false, true)})
	}
	for _, part := range parts {
		path := filepath.Join(dir, name+part.ext)
		// Its reader is who asked for it: it holds what is known of a person.
		if err := os.WriteFile(path, part.data, 0o600); err != nil {
			return fileError(path, err)
		}
		s.files = append(s.files, path)
	}
	return nil
}

func fileError(path string, err error) error {
	kind := delivery.KindIO
	if os.IsPermission(err) {
		kind = delivery.KindPermission
	}
	return &delivery.Error{Op: "preview", Kind: kind, File: path, Err: err}
}

// previewJSON is a preview as JSON output has it.
type previewJSON struct {
	Reason    preview.Reason     `json:"reason,omitempty"`
	Fields    []string           `json:"fields,omitempty"`
	Profile   int64              `json:"profile,omitempty"`
	Address   string             `json:"address,omitempty"`
	From      string             `json:"from"`
	Subject   string             `json:"subject"`
	Preheader string             `json:"preheader,omitempty"`
	HTML      string             `json:"html,omitempty"`
	Text      string             `json:"text,omitempty"`
	Bytes     int64              `json:"bytes"`
	Findings  []delivery.Finding `json:"findings,omitempty"`
	Files     []string           `json:"files,omitempty"`
}

// previews tells what the messages are.
func (a *app) previews(list []shown, riskiest bool) error {
	if a.json {
		return a.list(len(list), func(i int) any {
			s := list[i]
			return previewJSON{s.reason, s.fields, s.p.Profile, s.p.Address, s.p.From, s.p.Subject, s.p.Preheader, s.p.HTML, s.p.Text, s.p.Bytes, s.p.Findings, s.files}
		})
	}
	if riskiest {
		if len(list) == 0 {
			a.printf("Nobody gets a message.\n")
			return nil
		}
		if err := a.table([]string{"WHY", "FIELDS", "ADDRESS", "BYTES", "SUBJECT"}, len(list), func(i int) []string {
			s := list[i]
			return []string{reasonWord(s.reason), orDash(strings.Join(s.fields, ", ")), s.p.Address, number(s.p.Bytes), s.p.Subject}
		}); err != nil {
			return err
		}
	} else {
		p := list[0].p
		a.printf("From:      %s\nTo:        %s\nSubject:   %s\n", p.From, orDash(p.Address), p.Subject)
		if p.Preheader != "" {
			a.printf("Preheader: %s\n", p.Preheader)
		}
		a.printf("Size:      %s bytes\n\n%s\n", number(p.Bytes), strings.TrimRight(p.Text, "\n"))
		for _, f := range p.Findings {
			a.printf("%s: %s\n", f.Severity, findingSentence(f))
		}
	}
	for _, s := range list {
		for _, f := range s.files {
			a.printf("%s\n", f)
		}
	}
	return nil
}

// reasonWord says why somebody's message is worth a look.
func reasonWord(r preview.Reason) string {
	switch r {
	case preview.Missing:
		return "a field is empty"
	case preview.Longest:
		return "the longest values"
	case preview.RightToLeft:
		return "right-to-left text"
	case preview.Emoji:
		return "emoji"
	case preview.IDN:
		return "international domain"
	case preview.Largest:
		return "the largest message"
	}
	return strconv.Quote(string(r))
}
