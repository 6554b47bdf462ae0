package main

import (
	"fmt"
	"strings"

	"sendoff/engine/delivery"
)

// writtenText is what a finding about how content is written says; empty for any
// other.
func writtenText(f delivery.Finding) string {
	s := writtenSentence(f)
	if s != "" && f.Count > 1 {
		s += fmt.Sprintf(" So it is in %s.", plural(f.Count-1, "more place", "more places"))
	}
	return s
}

func writtenSentence(f delivery.Finding) string {
	first, rest, _ := strings.Cut(f.Detail, " ")
	switch f.Code {
	case delivery.FindNoDefault:
		return fmt.Sprintf("“%s” has no default: whoever lacks it keeps the delivery from being prepared. Add | default: \"…\".", f.Detail)
	case delivery.FindAltMissing:
		return "A picture has no text for who does not see it" + colon(f.Detail) + ". Add alt=\"…\", or alt=\"\" for decoration."
	case delivery.FindPictureBroken:
		return "A picture leads nowhere" + colon(f.Detail) + ". Give it a whole address that begins with https://."
	case delivery.FindPictureData:
		return "A picture is written as a data address, which Gmail and Outlook do not show. Add it as a picture."
	case delivery.FindPictureWidth:
		return "A picture has no width" + colon(f.Detail) + ". Outlook shows it in its full size; add width=\"…\"."
	case delivery.FindPictureHeavy:
		return fmt.Sprintf("The picture %s has %s bytes. Make it smaller than 512 kB.", rest, first)
	case delivery.FindPicturesHeavy:
		return "All pictures together have " + first + " bytes. Make them smaller."
	case delivery.FindOnlyPictures:
		return "The message is hardly more than pictures. Write its main sentence as text."
	case delivery.FindLinkDead:
		return fmt.Sprintf("%s does not answer (%s). Correct the address, or try again later.", rest, first)
	case delivery.FindContrast:
		if p := strings.Fields(f.Detail); len(p) == 4 {
			return fmt.Sprintf("Text in %s on %s has a contrast of %s : 1, and %s : 1 is needed. Take a darker or lighter colour.", p[1], p[2], p[0], p[3])
		}
		return "Text is hard to read on its ground. Take a darker or lighter colour."
	case delivery.FindHeadingSkipped:
		return fmt.Sprintf("A heading of level %s follows one of level %s. Leave no level out.", rest, first)
	case delivery.FindLanguageMissing:
		return "The HTML does not say its language. Write <html lang=\"…\">."
	case delivery.FindLanguageDiffers:
		return fmt.Sprintf("The HTML says its language is %s, and the content %s. Make them the same.", first, rest)
	case delivery.FindPhrase:
		return fmt.Sprintf("“%s” is a phrase (%s) that filters and readers know from spam. It forbids nothing.", rest, first)
	case delivery.FindShouting:
		return "The subject is in capitals, which reads as shouting. Write it as a sentence."
	case delivery.FindMarks:
		return "The subject has several exclamation or question marks. One is enough."
	case delivery.FindFakeReply:
		return fmt.Sprintf("The subject begins with “%s” as if it were an answer. Leave it out.", f.Detail)
	}
	return linkSentence(f)
}

// linkSentence is what is wrong with a link.
func linkSentence(f delivery.Finding) string {
	switch f.Code {
	case delivery.FindLinkEmpty:
		return "A link leads nowhere. Give it an address."
	case delivery.FindLinkBroken:
		return fmt.Sprintf("“%s” is not an address. Correct it.", f.Detail)
	case delivery.FindLinkRelative:
		return fmt.Sprintf("In a mail “%s” leads nowhere. Write the whole address, beginning with https://.", f.Detail)
	case delivery.FindLinkInsecure:
		return f.Detail + " is not encrypted. Use https:// if the site has it."
	case delivery.FindLinkLocal:
		return f.Detail + " leads to a network that the readers do not have. Give it a public address."
	case delivery.FindLinkUnsafe:
		return "No mail program follows " + f.Detail + ". Use an address that begins with https://."
	case delivery.FindLinkTarget:
		return fmt.Sprintf("There is no place %s in the message. Correct the link.", f.Detail)
	case delivery.FindLinkWithoutText:
		return "A link has no text. Write one, or give its picture a text."
	case delivery.FindLinkVague:
		return fmt.Sprintf("The link “%s” does not say where it leads. Let it say so.", f.Detail)
	}
	return ""
}
