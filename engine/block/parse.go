package block

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"sendoff/engine/delivery"
)

// invalid is what Parse and Check say of a document: Field is the place, such as
// "blocks[2].columns[0].blocks[1].url", Detail a code.
func invalid(field, detail string) *delivery.Error {
	return &delivery.Error{Op: "design", Kind: delivery.KindInvalid, Field: field, Detail: detail}
}

// Parse reads a document. The error is of KindInvalid and names the field, or
// of KindTooLarge.
func Parse(data []byte) (Document, error) {
	var d Document
	if len(data) > MaxBytes {
		return d, &delivery.Error{Op: "design", Kind: delivery.KindTooLarge, Detail: strconv.Itoa(len(data))}
	}
	if !utf8.Valid(data) {
		return d, invalid("design", "not_utf8")
	}
	var version struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(data, &version) == nil && version.Version > Version {
		return d, invalid("version", strconv.Itoa(version.Version))
	}
	r := json.NewDecoder(bytes.NewReader(data))
	r.DisallowUnknownFields()
	if err := r.Decode(&d); err != nil {
		return Document{}, syntax(err)
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return Document{}, invalid("design", "trailing")
	}
	if d.Blocks == nil {
		d.Blocks = []Block{}
	}
	for i := range d.Blocks {
		for j := range d.Blocks[i].Columns {
			if d.Blocks[i].Columns[j].Blocks == nil {
				d.Blocks[i].Columns[j].Blocks = []Block{}
			}
		}
	}
	if err := Check(d); err != nil {
		return Document{}, err
	}
	return d, nil
}

// syntax names the place of what encoding/json refuses.
func syntax(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return invalid(kind.Field, "not_"+kind.Type.Kind().String())
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return invalid(strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`), "unknown")
	}
	e := invalid("design", "not_json")
	e.Err = err
	return e
}

// JSON writes the document: the same bytes for the same document.
func (d Document) JSON() []byte {
	if d.Blocks == nil {
		d.Blocks = []Block{}
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	// Strings, numbers and slices of them always encode.
	_ = w.Encode(d)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Check reports the first thing in a document that cannot be, as Parse does. The
// Liquid in it is looked at by HTML.
func Check(d Document) error {
	if d.Version != Version {
		return invalid("version", strconv.Itoa(d.Version))
	}
	if _, err := language.Parse(d.Language); err != nil {
		return invalid("language", d.Language)
	}
	if err := check("title", d.Title, MaxAddress); err != nil {
		return err
	}
	if err := d.Brand.check(); err != nil {
		return err
	}
	n := 0
	return checkBlocks("blocks", d.Blocks, false, &n)
}

func checkBlocks(at string, blocks []Block, inColumn bool, n *int) error {
	for i := range blocks {
		if *n++; *n > MaxBlocks {
			return invalid("blocks", "too_many")
		}
		here := at + "[" + strconv.Itoa(i) + "]"
		if inColumn && (blocks[i].Kind == Columns || blocks[i].Kind == Footer) {
			return invalid(here+".kind", "nested")
		}
		if inColumn && blocks[i].Fill != FillNone {
			return invalid(here+".fill", "nested")
		}
		if err := blocks[i].check(here); err != nil {
			return err
		}
		for j, c := range blocks[i].Columns {
			if err := checkBlocks(here+".columns["+strconv.Itoa(j)+"].blocks", c.Blocks, true, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// check refuses a text that no letter can hold.
func check(field, s string, most int) error {
	switch {
	case len(s) > most:
		return invalid(field, "too_long")
	case !utf8.ValidString(s):
		return invalid(field, "not_utf8")
	case strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7F }) >= 0:
		return invalid(field, "control_character")
	}
	return nil
}

func (b Brand) check() error {
	for _, c := range []struct{ name, value string }{
		{"color", b.Color}, {"tint", b.Tint}, {"text", b.Text}, {"sheet", b.Sheet}, {"ground", b.Ground}} {
		if _, ok := parseColor(c.value); !ok {
			return invalid("brand."+c.name, c.value)
		}
	}
	for _, f := range []struct {
		name string
		font Font
	}{{"heading", b.Heading}, {"body", b.Body}} {
		if stack(f.font) == "" {
			return invalid("brand."+f.name, string(f.font))
		}
	}
	switch {
	case b.Radius < 0 || b.Radius > 32:
		return invalid("brand.radius", strconv.Itoa(b.Radius))
	case b.Width < 480 || b.Width > 700:
		return invalid("brand.width", strconv.Itoa(b.Width))
	case b.LogoWidth < 0 || b.LogoWidth > 480:
		return invalid("brand.logo_w", strconv.Itoa(b.LogoWidth))
	case !aligned(b.HeadAlign):
		return invalid("brand.head_align", string(b.HeadAlign))
	}
	if err := check("brand.name", b.Name, 200); err != nil {
		return err
	}
	if err := address("brand.logo_url", b.LogoURL, true); err != nil {
		return err
	}
	return picture("brand.logo", b.Logo, true)
}

func aligned(a Align) bool { return a == AlignStart || a == AlignCenter || a == AlignEnd }
