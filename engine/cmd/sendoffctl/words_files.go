package main

import (
	"fmt"

	"sendoff/engine/delivery"
)

// fileText is what a finding about images and attachments says; empty for any
// other.
func fileText(f delivery.Finding) string {
	people := func(one, many string) string { return plural(f.Count, one, many) }
	switch f.Code {
	case delivery.FindAssetMissing:
		return "An image or file that the content uses is not kept any more. Add it again."
	case delivery.FindAssetLinked:
		return "Images are set to be links, and this one is kept here. Set images to “embed”, or put it on the web."
	case delivery.FindAssetNoImage:
		return fmt.Sprintf("“%s” is no image that mailboxes can show. Use PNG, JPEG or GIF.", f.Detail)
	case delivery.FindImageFormat:
		return fmt.Sprintf("“%s” is a WebP image, which Outlook does not show. Use PNG or JPEG.", f.Detail)
	case delivery.FindAttachmentsMany:
		return fmt.Sprintf("There are more than %d attachments. Remove some.", delivery.MaxAttachments)
	case delivery.FindAttachmentUnclear:
		return "An attachment needs a file for everybody or a path for each recipient, and not both."
	case delivery.FindAttachmentMissing:
		return fmt.Sprintf("%s no file to attach, for example “%s”. Put it into the folder, or correct the path.", people("recipient has", "recipients have"), f.Detail)
	case delivery.FindAttachmentOutside:
		return fmt.Sprintf("%s a path that leads out of the folder, for example “%s”. Correct the path or the data.", people("recipient has", "recipients have"), f.Detail)
	case delivery.FindAttachmentFolder:
		return fmt.Sprintf("%s the path of a folder, for example “%s”. Name a file.", people("recipient has", "recipients have"), f.Detail)
	case delivery.FindAttachmentLarge:
		return fmt.Sprintf("%s a file of more than 10 MiB, for example “%s”. Make it smaller.", people("recipient has", "recipients have"), f.Detail)
	case delivery.FindAttachmentRead:
		return fmt.Sprintf("%s a file that cannot be read, for example “%s”. Look at its rights.", people("recipient has", "recipients have"), f.Detail)
	case delivery.FindAttachmentDanger:
		return fmt.Sprintf("Mailboxes refuse files like this (%s). Put it into a ZIP, or link to it.", f.Detail)
	case delivery.FindSenderDetail:
		return fmt.Sprintf("The account has no value for “%s”. Fill in its sender in the window, or give the tag a default.", f.Detail)
	}
	return ""
}
