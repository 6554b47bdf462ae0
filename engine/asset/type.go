package asset

import (
	"bytes"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"
)

// Type is the media type of a file, without parameters. Only kinds whose bytes say
// so are called images, PDFs or archives; what is told by the name alone is what
// has no bytes of its own to go by. The answer is the same on every machine.
func Type(name string, data []byte) string {
	ext := extension(name)
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return "image/gif"
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "image/webp"
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return zipped(ext)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")): // OLE 2 compound file
		switch ext {
		case "doc":
			return "application/msword"
		case "xls":
			return "application/vnd.ms-excel"
		case "ppt":
			return "application/vnd.ms-powerpoint"
		}
		return "application/octet-stream"
	case svg(ext, data):
		return "image/svg+xml"
	}
	if plain(data) {
		switch ext {
		case "ics", "ical":
			return "text/calendar"
		case "vcf", "vcard":
			return "text/vcard"
		case "csv":
			return "text/csv"
		case "md":
			return "text/markdown"
		case "json":
			return "application/json"
		case "xml":
			return "application/xml"
		case "html", "htm":
			return "text/html"
		case "txt", "log":
			return "text/plain"
		}
	}
	typ, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return typ
}

// zipped is the type of a file that is a ZIP archive.
func zipped(ext string) string {
	switch ext {
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	case "odt":
		return "application/vnd.oasis.opendocument.text"
	case "ods":
		return "application/vnd.oasis.opendocument.spreadsheet"
	case "odp":
		return "application/vnd.oasis.opendocument.presentation"
	case "epub":
		return "application/epub+zip"
	case "pkpass":
		return "application/vnd.apple.pkpass"
	}
	return "application/zip"
}

// svg reports whether a file is, or begins like, an SVG image.
func svg(ext string, data []byte) bool {
	if ext == "svg" || ext == "svgz" {
		return true
	}
	head := bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf"))
	head = bytes.ToLower(bytes.TrimSpace(head))
	return bytes.HasPrefix(head, []byte("<svg")) ||
		(bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("<!doctype svg"))) && bytes.Contains(head, []byte("<svg"))
}

// plain reports whether data is text.
func plain(data []byte) bool { return bytes.IndexByte(data, 0) < 0 && utf8.Valid(data) }

func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(strings.TrimRight(name, ". ")), "."))
}

// Danger says why mailboxes are known to refuse a file, or "": by its extension,
// or by being a program whatever it is called. The extensions are those that Gmail
// blocks (support.google.com/mail/answer/6590) and documents with macros, which
// Microsoft 365 blocks by default.
func Danger(name string, data []byte) string {
	ext := extension(name)
	switch ext {
	case "ade", "adp", "apk", "appx", "appxbundle", "bat", "cab", "chm", "cmd", "com", "cpl", "diagcab", "diagcfg", "diagpack", "dll", "dmg",
		"ex", "ex_", "exe", "hta", "img", "ins", "iso", "isp", "jar", "jnlp", "js", "jse", "lib", "lnk", "mde", "mjs", "msc", "msi", "msix",
		"msixbundle", "msp", "mst", "nsh", "pif", "ps1", "scr", "sct", "shb", "sys", "vb", "vbe", "vbs", "vhd", "vxd", "wsc", "wsf", "wsh", "xll",
		"docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam", "ppsm":
		return "." + ext
	}
	for _, magic := range []string{"MZ", "\x7fELF", "#!", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return "program"
		}
	}
	return ""
}
