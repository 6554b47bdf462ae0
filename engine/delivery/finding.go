package delivery

// Severity of a finding or of a line in the log.
type Severity string

// Severities: an error blocks, a warning does not.
const (
	SeverityInfo    Severity = "info"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error"
)

// FindingCode names what a control rule found.
type FindingCode string

// Findings of the control rules.
const (
	FindSubjectEmpty      FindingCode = "subject_empty"
	FindSubjectLong       FindingCode = "subject_long"
	FindSubjectCharacters FindingCode = "subject_characters"
	FindSenderEmpty       FindingCode = "sender_empty"
	FindSenderInvalid     FindingCode = "sender_invalid"
	FindReplyToInvalid    FindingCode = "reply_to_invalid"
	FindContentEmpty      FindingCode = "content_empty"
	FindNoUnsubscribe     FindingCode = "no_unsubscribe_link" // Part says html or text
	FindTemplate          FindingCode = "template_broken"
	FindUnknownField      FindingCode = "merge_tag_unknown"    // no such column; Detail: its name
	FindMissingValue      FindingCode = "merge_tag_unresolved" // Count recipients have no value, Detail: its name
	FindMirror            FindingCode = "mirror_unavailable"
	FindTargetEmpty       FindingCode = "target_empty"
	FindNothingToSend     FindingCode = "nothing_to_deliver"
	FindNoAudience        FindingCode = "no_audience"
	FindNoAccount         FindingCode = "no_account"
	FindTooLarge          FindingCode = "message_too_large" // Detail: bytes of the largest
	FindLarge             FindingCode = "message_large"     // over the 102 KB at which Gmail clips
	FindRender            FindingCode = "render_failed"     // Detail: the first address, Count
	FindDateInPast        FindingCode = "date_in_past"
	FindTrackingLater     FindingCode = "tracking_unavailable"
	FindRuleBroken        FindingCode = "rule_broken"           // the audience's rule cannot be read; Detail: a fault of engine/rule
	FindRuleField         FindingCode = "rule_field_missing"    // it asks for a field that nobody has; Detail: its name
	FindRuleAudience      FindingCode = "rule_audience_missing" // it refers to an audience that is gone; Detail: its number
	FindRuleDelivery      FindingCode = "rule_delivery_missing" // it refers to a delivery that is gone; Detail: which
	FindAssetMissing      FindingCode = "asset_missing"         // no such image or file is kept
	FindAssetLinked       FindingCode = "asset_linked"          // images are links, and this one is kept here
	FindAssetNoImage      FindingCode = "asset_no_image"        // Detail: the file's name
	FindImageFormat       FindingCode = "image_format"          // not every mailbox shows WebP; Detail: the file's name
	FindAttachmentsMany   FindingCode = "attachments_many"      // more than MaxAttachments
	FindAttachmentUnclear FindingCode = "attachment_unclear"    // neither a file for everybody nor a path, or both
	FindAttachmentMissing FindingCode = "attachment_missing"    // Count recipients have no such file, Detail: the first path
	FindAttachmentOutside FindingCode = "attachment_outside"    // as before: the path leads out of the folder
	FindAttachmentFolder  FindingCode = "attachment_folder"     // as before: the path is that of a folder
	FindAttachmentLarge   FindingCode = "attachment_too_large"  // as before: over MaxAsset
	FindAttachmentRead    FindingCode = "attachment_unreadable" // as before: the file cannot be read
	FindAttachmentDanger  FindingCode = "attachment_dangerous"  // mailboxes refuse such files; Detail: .exe, or "program"
	FindSenderDetail      FindingCode = "sender_detail_missing" // the account has no such detail; Detail: its name in templates
	FindFollowedUnderWay  FindingCode = "followed_under_way"    // what is corrected sends again; Detail: its code
)

// Findings about how content is written. None of them blocks. A Count says that
// there are so many from this place on.
const (
	FindNoDefault       FindingCode = "merge_tag_no_default" // Detail: its name
	FindAltMissing      FindingCode = "alt_missing"          // of a picture; Detail: its address
	FindPictureBroken   FindingCode = "picture_broken"       // no address, or one that leads nowhere; Detail: it
	FindPictureData     FindingCode = "picture_data"         // a data URL, which many mail programs do not show
	FindPictureWidth    FindingCode = "picture_width"        // none is given; Detail: the address
	FindPictureHeavy    FindingCode = "picture_heavy"        // Detail: bytes and name
	FindPicturesHeavy   FindingCode = "pictures_heavy"       // all together; Detail: bytes
	FindOnlyPictures    FindingCode = "only_pictures"        // hardly any text besides
	FindLinkEmpty       FindingCode = "link_empty"
	FindLinkBroken      FindingCode = "link_broken"       // not an address; Detail: it
	FindLinkRelative    FindingCode = "link_relative"     // without https:// and host; Detail: it
	FindLinkInsecure    FindingCode = "link_insecure"     // http; Detail: it
	FindLinkLocal       FindingCode = "link_local"        // leads to the reader's own network; Detail: it
	FindLinkUnsafe      FindingCode = "link_unsafe"       // javascript: and the like, which nothing follows; Detail: it
	FindLinkTarget      FindingCode = "link_target"       // no such place in the message; Detail: it
	FindLinkWithoutText FindingCode = "link_without_text" // nor a picture with one
	FindLinkVague       FindingCode = "link_vague"        // "click here"; Detail: its text
	FindLinkDead        FindingCode = "link_dead"         // did not answer, or refused; Detail: status or reason, and it
	FindContrast        FindingCode = "contrast_low"      // Detail: ratio, colour, ground, what is needed
	FindHeadingSkipped  FindingCode = "heading_skipped"   // Detail: the level before, and this one
	FindLanguageMissing FindingCode = "language_missing"
	FindLanguageDiffers FindingCode = "language_differs" // Detail: of the markup, of the content
	FindPhrase          FindingCode = "phrase_worn"      // Detail: hurry, money, promise or account, and the phrase
	FindShouting        FindingCode = "subject_shouting"
	FindMarks           FindingCode = "subject_marks"
	FindFakeReply       FindingCode = "subject_fake_reply" // Detail: the prefix
)

// Finding is what a control rule says of a delivery. Part is "subject",
// "html", "text"…; Line and Column count from 1 within it, 0 when they do not
// apply.
type Finding struct {
	Code     FindingCode `json:"code"`
	Severity Severity    `json:"severity"`
	Part     string      `json:"part,omitempty"`
	Line     int         `json:"line,omitempty"`
	Column   int         `json:"column,omitempty"`
	Count    int64       `json:"count,omitempty"`
	Detail   string      `json:"detail,omitempty"`
}
