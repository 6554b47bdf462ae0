package delivery

import (
	"reflect"
	"testing"
)

// The hashes are those of the program before content had images and attachments:
// a plan of then must hold now.
func TestSealOfOldContent(t *testing.T) {
	for want, d := range map[string]Draft{
		"a06fa17df8d99be9cd12774f579f94d59d682d972d55ff3d339fd405cf893aa8": {Label: "Summer time", Tracking: true, Content: Content{
			From: "Acme <news@acme.example>", ReplyTo: "desk@acme.example", Subject: "Hello {{ first_name }}", Preheader: "Soon", HTML: "<p>Hi</p>", Text: "Hi"}},
		"f5d5c9c53e9483d6329bc1cc715fe4b1cf900324a1d0c9b5af5ae34724877845": {Label: "x", Content: Content{From: "a@b.example", Subject: "s"}},
	} {
		if got := PartHash(PartContent, d, Account{}); got != want {
			t.Errorf("%s: %s, want %s", d.Label, got, want)
		}
	}
}

// Every field that content ever gets is compared and sealed.
func TestContentEveryFieldCounts(t *testing.T) {
	plain := PartHash(PartContent, Draft{}, Account{})
	typ := reflect.TypeFor[Content]()
	for i := range typ.NumField() {
		var c Content
		f := reflect.ValueOf(&c).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		default:
			t.Fatalf("%s: teach this test its kind", typ.Field(i).Name)
		}
		if c.Equal(Content{}) || (Content{}).Equal(c) {
			t.Errorf("Equal does not look at %s", typ.Field(i).Name)
		}
		if !c.Equal(c) {
			t.Errorf("%s: not equal to itself", typ.Field(i).Name)
		}
		if PartHash(PartContent, Draft{Content: c}, Account{}) == plain {
			t.Errorf("the seal does not cover %s", typ.Field(i).Name)
		}
	}
}

func TestDraftEveryFieldCounts(t *testing.T) {
	typ := reflect.TypeFor[Draft]()
	for i := range typ.NumField() {
		var d Draft
		f := reflect.ValueOf(&d).Elem().Field(i)
		switch v := f.Addr().Interface().(type) {
		case *string:
			*v = "x"
		case *int64:
			*v = 7
		case *bool:
			*v = true
		case *Content:
			v.Attachments = []Attachment{{Asset: "x"}}
		case *[]Relay:
			*v = []Relay{{Account: 3}}
		case *Schedule:
			v.Zone = "Europe/Amsterdam"
		case *Follow:
			v.Delivery = 3
		default:
			t.Fatalf("%s: teach this test its kind", typ.Field(i).Name)
		}
		if d.Equal(Draft{}) || (Draft{}).Equal(d) || !d.Equal(d) {
			t.Errorf("Equal does not look at %s", typ.Field(i).Name)
		}
	}
}

func TestIsHash(t *testing.T) {
	whole := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // SHA-256 of nothing, FIPS 180-4
	for s, want := range map[string]bool{whole: true, whole[1:]: false, whole + "0": false, "": false,
		"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855": false, "../../../../../../../../../../../../../../../../../../../etc/passwd.": false} {
		if IsHash(s) != want {
			t.Errorf("%q: %t", s, !want)
		}
	}
}
