import { SUMMARY } from "../../src/model/version.ts";
import { getSum, locateFile, REPOSITORY, type Sums } from "./published.ts";

/** The blocks of a formula, and the archive that each means. */
const PLATFORMS = [
  ["macos", "arm", "aarch64-apple-darwin"],
  ["macos", "intel", "x86_64-apple-darwin"],
  ["linux", "arm", "aarch64-unknown-linux-gnu"],
  ["linux", "intel", "x86_64-unknown-linux-gnu"],
] as const;

/**
 * The Homebrew formula of a release.
 *
 * @param version Such as `0.1.0`.
 * @param sums The checksums of its archives.
 * @throws {Error} If a checksum is missing.
 */
export function renderFormula(version: string, sums: Sums): string {
  const blocks = (["macos", "linux"] as const).map((system) => {
    const parts = PLATFORMS.filter(([name]) => name === system)
      .map(([, cpu, triple]) => {
        const name = `zag-ps-${triple}.tar.gz`;
        return `    on_${cpu} do
      url "${locateFile(version, name)}"
      sha256 "${getSum(sums, name)}"
    end
`;
      });
    return `  on_${system} do
${parts.join("")}  end
`;
  });
  return `# Made by the release of zag-ps ${version}; changes here are lost.
class ZagPs < Formula
  desc "${SUMMARY}"
  homepage "${REPOSITORY}"
  version "${version}"
  license "MIT"

${blocks.join("\n")}
  def install
    bin.install "zag-ps"
    man1.install "zag-ps.1"
    bash_completion.install "completions/zag-ps.bash" => "zag-ps"
    zsh_completion.install "completions/_zag-ps"
    fish_completion.install "completions/zag-ps.fish"
  end

  test do
    assert_equal "zag-ps #{version}", shell_output("#{bin}/zag-ps --version").strip
    assert_equal "[]", shell_output("#{bin}/zag-ps --zag-home #{testpath}/zag list --json").strip
  end
end
`;
}
