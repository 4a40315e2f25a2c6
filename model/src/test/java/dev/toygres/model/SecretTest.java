package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void neverShowsItself() {
        assertThat(new Secret("open sesame").toString()).isEqualTo("***");
    }

    /**
     * RFC 7677 section 3: user "user", password "pencil"; its server key signs what it says there.
     */
    @Test
    void theVerifierIsTheOneOfTheStandard() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        assertThat(ScramVerifier.of(new Secret("pencil"), salt))
                .isEqualTo(
                        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    }
}
