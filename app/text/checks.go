package text

import (
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// written is the sentence for a finding about how content is written; false for
// any other. Its detail is taken apart, as the constants of engine/delivery say.
func (c *Catalog) written(f delivery.Finding) (string, bool) {
	first, rest, _ := strings.Cut(f.Detail, " ")
	key := "finding." + string(f.Code)
	var s string
	switch f.Code {
	case delivery.FindContrast:
		p := strings.Fields(f.Detail)
		if len(p) != 4 {
			return "", false
		}
		s = c.T(key, "ratio", c.decimal(p[0]), "ink", p[1], "ground", p[2], "need", c.decimal(p[3]))
	case delivery.FindHeadingSkipped:
		from, err := strconv.Atoi(first)
		if err != nil {
			return "", false
		}
		s = c.T(key, "from", from, "to", rest, "next", from+1)
	case delivery.FindLanguageDiffers:
		s = c.T(key, "markup", first, "content", rest)
	case delivery.FindPhrase:
		s = c.T(key+"."+first, "phrase", rest)
	case delivery.FindPictureHeavy, delivery.FindPicturesHeavy:
		n, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return "", false
		}
		s = c.T(key, "bytes", c.Bytes(n), "name", rest)
	case delivery.FindLinkDead:
		if _, err := strconv.Atoi(first); err == nil {
			s = c.T(key+".status", "status", first, "url", rest)
		} else {
			s = c.T(key+"."+first, "url", rest)
		}
	case delivery.FindNoDefault, delivery.FindAltMissing, delivery.FindPictureBroken, delivery.FindPictureData, delivery.FindPictureWidth,
		delivery.FindOnlyPictures, delivery.FindLinkEmpty, delivery.FindLinkBroken, delivery.FindLinkRelative, delivery.FindLinkInsecure,
		delivery.FindLinkLocal, delivery.FindLinkUnsafe, delivery.FindLinkTarget, delivery.FindLinkWithoutText, delivery.FindLinkVague,
		delivery.FindLanguageMissing, delivery.FindShouting, delivery.FindMarks, delivery.FindFakeReply:
		detail := f.Detail
		if detail == "" {
			detail = "–"
		}
		s = c.T(key, "detail", detail)
	default:
		return "", false
	}
	if f.Count > 1 {
		s = c.N("finding.more", f.Count-1, "text", s)
	}
	return s, true
}

// decimal writes a number with one decimal as the language does.
func (c *Catalog) decimal(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return c.Decimal(v, 1)
}
