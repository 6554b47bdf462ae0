// Package htmlimport reads the HTML of a mail that was made elsewhere: a file, or a
// ZIP archive with its images.
//
// Images that lie beside the HTML, and those that are written into it as data, come
// along: they are returned, and the HTML refers to them as assets. Images on the web
// stay links and are counted. What mailboxes do not run, and what nobody wants to
// open in a preview, is taken out and reported: programs, frames, embedded objects,
// handlers of events, links that are programs. All else stays as it is, to the byte:
// conditional comments for Outlook, merge tags, mailto, tel and anchors. A library
// that cleans HTML would take the comments out and write the rest anew.
//
// An archive is read in memory, within bounds, and nothing of it is written to the
// disk. Paths lead nowhere but into the archive, or the folder of the file.
//
// Everything is safe for concurrent use; Import returns when it is done, or when ctx
// has ended.
package htmlimport
