package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Languages are those that Sendoff speaks, the first being the fallback.
func Languages() []string { return []string{"en", "nl"} }

// Catalog holds the sentences of one language.
type Catalog struct {
	lang   string
	words  map[string]string
	months []string
	zone   *time.Location
}

// Load reads the sentences of lang ("en", "nl") from the file "en.json" and from
// those of single screens, such as "people.en.json". Times are shown in zone; nil
// means UTC.
func Load(files fs.FS, lang string, zone *time.Location) (*Catalog, error) {
	names, err := fs.Glob(files, "*."+lang+".json")
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	for _, name := range append([]string{lang + ".json"}, names...) {
		if err := read(files, name, words); err != nil {
			return nil, &delivery.Error{Op: "language", Kind: delivery.KindInvalid, Field: "language", Detail: lang, Err: err}
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	c := &Catalog{lang: lang, words: words, zone: zone}
	if c.months = strings.Fields(words["format.months"]); len(c.months) != 12 {
		return nil, errors.New("sentences of " + lang + ": format.months wants twelve names")
	}
	return c, nil
}

// read adds the sentences of a file. No two files may have the same key.
func read(files fs.FS, name string, words map[string]string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	more := map[string]string{}
	if err := json.Unmarshal(b, &more); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for k, w := range more {
		if _, twice := words[k]; twice {
			return fmt.Errorf("%s: %s is defined twice", name, k)
		}
		words[k] = w
	}
	return nil
}

// Choose picks the language: what was asked for, else the first of the
// environment's values (LC_ALL, LC_MESSAGES, LANG in that order) that names one
// Sendoff speaks, else the fallback. An unknown wish is an error.
func Choose(wanted string, environment ...string) (string, error) {
	if wanted != "" {
		if l, ok := spoken(wanted); ok {
			return l, nil
		}
		return Languages()[0], &delivery.Error{Kind: delivery.KindInvalid, Field: "language", Detail: wanted}
	}
	for _, e := range environment {
		if e == "" {
			continue
		}
		if l, ok := spoken(e); ok {
			return l, nil
		}
		break // POSIX: the first that is set decides
	}
	return Languages()[0], nil
}

func spoken(locale string) (string, bool) {
	l := strings.ToLower(locale)
	if i := strings.IndexAny(l, "_-.@"); i >= 0 {
		l = l[:i]
	}
	for _, known := range Languages() {
		if l == known {
			return known, true
		}
	}
	return "", false
}

// Language is the code of this catalogue's language.
func (c *Catalog) Language() string { return c.lang }

// Zone is the zone in which times are shown.
func (c *Catalog) Zone() *time.Location { return c.zone }

// T gives the sentence of key with its {placeholders} filled from name, value
// pairs. Whole numbers are grouped as the language does; a key that does not
// exist is shown as itself, which the tests do not let happen.
func (c *Catalog) T(key string, pairs ...any) string {
	w, ok := c.words[key]
	if !ok {
		return key
	}
	return c.fill(w, pairs)
}

// N gives the form of key that fits n, which fills {n}.
func (c *Catalog) N(key string, n int64, pairs ...any) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return c.T(key+form, append([]any{"n", n}, pairs...)...)
}

// Has reports whether key exists as such.
func (c *Catalog) Has(key string) bool { _, ok := c.words[key]; return ok }

// Keys lists every key, sorted.
func (c *Catalog) Keys() []string {
	out := make([]string, 0, len(c.words))
	for k := range c.words {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (c *Catalog) fill(w string, pairs []any) string {
	if len(pairs) == 0 || !strings.Contains(w, "{") {
		return w
	}
	// One pass, so that a value with braces in it is never filled again.
	r := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		r = append(r, "{"+name+"}", c.value(pairs[i+1]))
	}
	return strings.NewReplacer(r...).Replace(w)
}

func (c *Catalog) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return c.Number(int64(v))
	case int64:
		return c.Number(v)
	case time.Duration:
		return c.Duration(v)
	case time.Time:
		return c.DateTime(v)
	}
	return fmt.Sprint(v)
}
