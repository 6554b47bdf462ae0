// Package browser makes a true picture of a message with a browser that is installed on
// this machine. It downloads none and starts none that it does not find under a known
// name.
//
// The browser is given a file and nothing else: a profile of its own that is removed
// afterwards, a frame without scripts, no names that resolve, a proxy that is not there, and a policy
// in the document; and it is killed when its time is up. Take may be called from several
// goroutines.
package browser
