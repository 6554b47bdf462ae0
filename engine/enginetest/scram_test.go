package enginetest

import "testing"

// The example of RFC 7677 section 3.
func TestScramByTheBook(t *testing.T) {
	s := Scram{Password: "pencil", Iterations: 4096, salt: "W22ZaJ0SNY7soEsUEjb6gQ=="}
	const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	proof, signature, err := s.sign("n=user,r=rOprNGfwEbeRWgbNEkqO,r=" + nonce + ",s=" + s.salt + ",i=4096,c=biws,r=" + nonce)
	if err != nil || proof != "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" || signature != "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" {
		t.Errorf("%q, %q, %v", proof, signature, err)
	}
}
