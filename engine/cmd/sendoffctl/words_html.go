package main

import "sendoff/engine/htmlimport"

// htmlNote is one line of what an import of HTML did.
func htmlNote(n htmlimport.Note) string {
	count := func(one, many string) string { return plural(int64(n.Count), one, many) }
	switch n.Code {
	case htmlimport.Chosen:
		return count("HTML file is", "HTML files are") + " in the archive; it took " + n.Detail + "."
	case htmlimport.Charset:
		return "It was " + n.Detail + "; it is UTF-8 now."
	case htmlimport.Guessed:
		return "Nobody says which characters it has; it was read as " + n.Detail + ". Look whether accents are right."
	case htmlimport.Embedded:
		return count("image", "images") + " came along."
	case htmlimport.Remote:
		return count("image stays", "images stay") + " on the web, the first is " + n.Detail + "."
	case htmlimport.Missing:
		return count("image is", "images are") + " missing, the first is " + n.Detail + "."
	case htmlimport.Refused:
		return count("image", "images") + " cannot be used, the first is " + n.Detail + "."
	case htmlimport.Scripts:
		return "Took out " + count("script", "scripts") + "."
	case htmlimport.Frames:
		return "Took out " + count("frame or embedded object", "frames or embedded objects") + "."
	case htmlimport.Handlers:
		return "Took out " + count("attribute that runs a script", "attributes that run scripts") + "."
	case htmlimport.Links:
		return "Took out " + count("link that no mailbox follows", "links that no mailbox follows") + " (" + n.Detail + ":)."
	case htmlimport.Relative:
		return count("link leads", "links lead") + " nowhere from a mail, the first is " + n.Detail + ". Write the whole address."
	case htmlimport.Styles:
		return count("style sheet", "style sheets") + " came along."
	case htmlimport.RemoteStyles:
		return count("style sheet stays", "style sheets stay") + " on the web, where most mailboxes ignore it."
	case htmlimport.LostStyles:
		return count("style sheet is", "style sheets are") + " missing, the first is " + n.Detail + "."
	case htmlimport.CSS:
		return "Took styles out that run scripts or fetch other style sheets."
	case htmlimport.Refresh:
		return "Took out what leads to another page by itself."
	case htmlimport.ForeignTags:
		return count("merge tag is", "merge tags are") + " of another program, the first is " + n.Detail + ". Write them as {{ name }}."
	}
	return string(n.Code)
}

// htmlFault says why a file is no HTML for a mail.
func htmlFault(detail string) string {
	switch detail {
	case htmlimport.NoHTML:
		return "there is no HTML file in the archive"
	case htmlimport.NotHTML:
		return "it is not HTML"
	case htmlimport.TooLarge:
		return "it is too large for a mail"
	case htmlimport.Bomb:
		return "it unpacks to far more than a mail needs"
	case htmlimport.BadPath:
		return "it has a path that leads out of it"
	case htmlimport.BadLink:
		return "it has a symbolic link"
	case htmlimport.Encrypted:
		return "it is locked with a password; unpack it first"
	case htmlimport.BadZip:
		return "the archive is damaged"
	}
	return "it cannot be cleaned of what mailboxes must not run"
}
