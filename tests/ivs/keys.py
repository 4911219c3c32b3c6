"""Keys that were made for these tests by openssl and are used nowhere else."""

from __future__ import annotations

from typing import Final


def pem(body: str, kind: str = "PUBLIC KEY") -> str:
    """A PEM text."""
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"


P384: Final = pem(
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE4h1RMx84z8T/jXYyf21W4J6mUhCxqreH\n"
    "0u5bG/9CY6EZMQyE90v+3Ocm8jojszeAbg2H7Hg/psjM4ykitxIad1RxaxinMGV0\n"
    "Vsty6fR5dsKdbj7SpYiaKpe5kEgvJlhp"
)
P384_COMPRESSED: Final = pem(
    "MEYwEAYHKoZIzj0CAQYFK4EEACIDMgACmvqjcBGM1Lki9cpVXhBJIDVvzFre+mgO\nQ5TiZHtR69lI2F4WM4fWr2yekgcCtXEk"
)
OFF_CURVE: Final = (P384.replace("Jlhp", "Jlhq"), P384_COMPRESSED.replace("tXEk", "tXEl"))
"""Both with another last byte: no points of the curve."""
OTHERS: Final = {
    "P-256": pem(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6OoiV6sE0QuKTiMO5t76Pp54pnxJ\n"
        "vqlcAYLXx2c6xNUemwKNsYYZ97EboSVPWZpsUzDKcuj796rAbkUIgtZj6A=="
    ),
    "P-521": pem(
        "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBgfThvQUYHxBtL18/0UGx2q9sBray\n"
        "swAKARVURYU2IEZ0EGhL4Ku5OtWG8XnX857T5NHrWMbZkVsLtnKPyfktH3oBlHnX\n"
        "7E5p09b79KcRh0bspfuhrsbvMUdsexkaRNFDaxWDUckOk0GxzR5yJyPSqPGWGJPV\n"
        "G4IQdYEadIFHCn1n5qs="
    ),
    "secp256k1": pem(
        "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEPNaA2FFGJ7936el2GwFUBpPLJkCjLpIp\n"
        "+nU4H42lE+W0SMXGMZSv4wqCwSt2X+g/jzKq5CPVHT/XV2paUavCmQ=="
    ),
    "Ed25519": pem("MCowBQYDK2VwAyEAgD9P2xUq0gkZ/UfPLduiQHjRx8MqjulXw5gpBgtgxgo="),
    "RSA": pem(
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkrn/8vuMPSN37PSiCOBw\n"
        "BxL/8zkV8v7fXR3fOEUMtQNf/fuDwx5dnlyh7iLBHG+Id/3HEyQa9HwvrJi8j2eX\n"
        "IR1gHzOS8TPv2j4JHi69w1OsG3mRwnsWgOB7/t8FGlhs0tyAWcfIzrJ+P0gjY5EB\n"
        "/tn4nkcz6VEmpcdFIENcxQbAhePek6shyltl7zmaGy8Sim0b5xOvbtItT4rzqGxq\n"
        "/9Lmx7Fl4jq9EZb8P4VGNUBowMhz6Y6lEA7ghPTzwSSuJ1yZp9yHU8MUmuVk2/Gi\n"
        "RFlWMqlfxsDSvgagXv17cs8DDL/AfnGu6KxymiLje3/JtoBRrmZx9+ueE5XNbcJP\n"
        "1QIDAQAB"
    ),
}

SECRET: Final = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
"""In place of a private key: base64 that must turn up nowhere."""
