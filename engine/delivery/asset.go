package delivery

import "time"

// Asset is a file that the workspace keeps for its contents: an image, which HTML
// shows as src="asset:HASH", or an attachment.
type Asset struct {
	Hash   string    `json:"hash"`   // lower-case hex SHA-256 of the data
	Name   string    `json:"name"`   // as it was called when it was added first
	Type   string    `json:"type"`   // media type, told by the data and not by the name
	Size   int64     `json:"size"`   // bytes
	Width  int       `json:"width"`  // pixels; 0 for what is no image that mail can show
	Height int       `json:"height"` // pixels
	Added  time.Time `json:"added"`
}

// AssetScheme comes before the hash where HTML refers to an asset.
const AssetScheme = "asset:"

// Image reports whether mail programs can show it.
func (a Asset) Image() bool { return a.Width > 0 && a.Height > 0 }

// IsHash reports whether s is the hash of some asset.
func IsHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// File is what a plan has frozen of a file for one recipient. The zero value is
// none.
type File struct {
	Path string `json:"path,omitempty"` // below the content's folder, with slashes
	Hash string `json:"hash,omitempty"` // lower-case hex SHA-256
	Size int64  `json:"size,omitempty"` // bytes
}
