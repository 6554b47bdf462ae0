package asset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/webp"

	"sendoff/engine/delivery"
)

// Bounds of an image, in pixels.
const (
	MaxSide   = 10_000
	MaxPixels = 25_000_000
)

// Why a file is no image that mail can show, as the Detail of an error with Field
// "image".
const (
	SVG        = "svg"        // may hold programs, so mailboxes show none
	Broken     = "broken"     // cannot be decoded to its end
	Dimensions = "dimensions" // larger than MaxSide or MaxPixels; behind a space: the dimensions, such as 60000x60000
)

// Inspect tells everything about a file but when it was added. Errors: KindInvalid
// with Field "asset" and Detail "empty" or "too_large" (over delivery.MaxAsset), or
// with Field "image" and one of the details above.
func Inspect(name string, data []byte) (delivery.Asset, error) {
	a := delivery.Asset{Name: Name(name), Size: int64(len(data))}
	bad := func(field, detail string) (delivery.Asset, error) {
		return a, &delivery.Error{Op: "add_asset", Kind: delivery.KindInvalid, Field: field, File: a.Name, Detail: detail}
	}
	switch {
	case len(data) == 0:
		return bad("asset", "empty")
	case len(data) > delivery.MaxAsset:
		return bad("asset", "too_large")
	}
	sum := sha256.Sum256(data)
	a.Hash, a.Type = hex.EncodeToString(sum[:]), Type(name, data)
	if a.Type == "image/svg+xml" {
		return bad("image", SVG)
	}
	d, ok := decoderOf(a.Type)
	if !ok {
		return a, nil
	}
	c, err := d.config(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return bad("image", Broken)
	}
	if c.Width > MaxSide || c.Height > MaxSide || c.Width*c.Height > MaxPixels {
		return bad("image", fmt.Sprintf("%s %dx%d", Dimensions, c.Width, c.Height))
	}
	if err := d.whole(bytes.NewReader(data)); err != nil {
		return bad("image", Broken)
	}
	a.Width, a.Height = c.Width, c.Height
	return a, nil
}

type decoder struct {
	config func(io.Reader) (image.Config, error)
	whole  func(io.Reader) error
}

func decoderOf(typ string) (decoder, bool) {
	all := func(f func(io.Reader) (image.Image, error)) func(io.Reader) error {
		return func(r io.Reader) error {
			_, err := f(r)
			return err
		}
	}
	switch typ {
	case "image/png":
		return decoder{png.DecodeConfig, all(png.Decode)}, true
	case "image/jpeg":
		return decoder{jpeg.DecodeConfig, all(jpeg.Decode)}, true
	case "image/gif":
		return decoder{gif.DecodeConfig, all(gif.Decode)}, true
	case "image/webp":
		return decoder{webp.DecodeConfig, all(webp.Decode)}, true
	}
	return decoder{}, false
}

// Name is the last element of a path on any system, without what a file name of a
// recipient's system may not hold, and at most 120 characters. It is never empty.
func Name(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r): // "gpj.exe" must not read as "exe.jpg"
			return -1
		case r == '\u2028' || r == '\u2029':
			return ' '
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, s)
	s = strings.TrimRight(strings.TrimSpace(s), ". ")
	if n := utf8.RuneCountInString(s); n > maxName {
		ext := path.Ext(s)
		if utf8.RuneCountInString(ext) > 12 {
			ext = ""
		}
		runes := []rune(strings.TrimSuffix(s, ext))
		s = strings.TrimSpace(string(runes[:maxName-utf8.RuneCountInString(ext)])) + ext
	}
	if s == "" || s == "_" || s == "." || s == ".." {
		return "file"
	}
	return s
}

const maxName = 120
