package audience

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"sendoff/engine/schedule"
)

// plainName reduces a name to letters and digits without case and accents, so
// that "Côte d’Ivoire" is found however it is typed.
func plainName(s string) string {
	return plainHeader(norm.NFKD.String(s))
}

// namers give names in the languages of the window.
func namers() []language.Tag { return []language.Tag{language.English, language.Dutch} }

// countries knows countries by code and by name.
type countries map[string]string

// newCountries takes the names from CLDR, English and Dutch, and adds what people
// write besides.
func newCountries() countries {
	c := countries{}
	for a := byte('A'); a <= 'Z'; a++ {
		for b := byte('A'); b <= 'Z'; b++ {
			code := string([]byte{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.Canonicalize().String() != code {
				continue
			}
			c[plainName(code)] = code
			c[plainName(r.ISO3())] = code
			for _, t := range namers() {
				c[plainName(display.Regions(t).Name(r))] = code
			}
		}
	}
	for name, code := range map[string]string{
		"uk": "GB", "great britain": "GB", "england": "GB", "engeland": "GB", "scotland": "GB", "schotland": "GB", "wales": "GB", "groot-brittannië": "GB",
		"the netherlands": "NL", "holland": "NL", "usa": "US", "united states of america": "US", "verenigde staten van amerika": "US", "vs": "US", "america": "US", "amerika": "US",
		"czech republic": "CZ", "tsjechische republiek": "CZ", "turkey": "TR", "korea": "KR", "south korea": "KR", "ivory coast": "CI", "ivoorkust": "CI",
		"uae": "AE", "vae": "AE", "russian federation": "RU", "hong kong": "HK", "hongkong": "HK", "macedonia": "MK", "vatican": "VA", "bosnia": "BA", "burma": "MM", "swaziland": "SZ", "cape verde": "CV",
	} {
		c[plainName(name)] = code
	}
	return c
}

func (c countries) parse(s string) (string, bool) {
	code, ok := c[plainName(s)]
	return code, ok && code != ""
}

// languages knows languages by the names they have.
type languages map[string]string

func newLanguages() languages {
	l := languages{}
	for _, t := range display.Supported.Tags() {
		base, _ := t.Base()
		tag := language.Make(base.String())
		l[plainName(display.Self.Name(tag))] = tag.String()
		for _, in := range namers() {
			l[plainName(display.Languages(in).Name(tag))] = tag.String()
		}
	}
	delete(l, "")
	return l
}

// parse reads a tag, such as "nl", "nl_NL" or "nld", or a name.
func (l languages) parse(s string) (string, bool) {
	if tag, ok := l[plainName(s)]; ok {
		return tag, true
	}
	tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || tag == language.Und {
		return "", false
	}
	return tag.String(), true
}

// zones knows time zones in any case.
type zones map[string]string

func newZones() zones {
	z := zones{}
	for _, name := range schedule.Zones() {
		z[strings.ToLower(name)] = name
	}
	return z
}

func (z zones) parse(s string) (string, bool) {
	s = strings.ReplaceAll(s, " ", "_")
	if name, ok := z[strings.ToLower(s)]; ok {
		return name, true
	}
	if !strings.Contains(s, "/") && s != "UTC" && s != "GMT" { // "CET" and "EST" are no places
		return "", false
	}
	if _, err := schedule.Load(s); err != nil {
		return "", false
	}
	return s, true
}
