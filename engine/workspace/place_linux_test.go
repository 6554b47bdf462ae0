package workspace

import "testing"

// The numbers are those of linux/magic.h and of the SMB client.
func TestNetwork(t *testing.T) {
	for magic, want := range map[uint32]string{
		0x517B: "SMB", 0xFF534D42: "SMB", 0xFE534D42: "SMB", 0x6969: "NFS", 0x5346414F: "AFS",
		0xEF53: "", 0x9123683E: "", 0x01021994: "", 0x794C7630: "", // ext4, btrfs, tmpfs, overlayfs
	} {
		if got := network(magic); got != want {
			t.Errorf("%#x: %q, want %q", magic, got, want)
		}
	}
	if got := shared(t.TempDir()); got != "" && got != "NFS" && got != "SMB" {
		t.Errorf("the folder for tests: %q", got)
	}
}
