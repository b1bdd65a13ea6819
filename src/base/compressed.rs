//! What is left of bytes after compression as a server would send them.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;

/// What one thread compresses: each part costs some tens of bytes and what it could have copied from the one before.
const PART: usize = 1 << 20;

/// The size after gzip. Large inputs are compressed in parts side by side, so theirs is some promille more than the
/// whole would need.
pub fn gzip_size(bytes: &[u8]) -> Option<u64> {
    let size = |part: &[u8]| {
        let mut encoder = GzEncoder::new(Counter(0), Compression::default());
        encoder.write_all(part).ok()?;
        encoder.finish().ok().map(|counter| counter.0)
    };
    in_parts(bytes, size)
}

/// The size after Brotli at its best quality, as files are stored that are compressed once and sent often. In parts
/// as [`gzip_size`].
pub fn brotli_size(bytes: &[u8]) -> Option<u64> {
    const BUFFER: usize = 1 << 14;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let size = |part: &[u8]| {
        let mut counter = Counter(0);
        let mut encoder = brotli::CompressorWriter::new(&mut counter, BUFFER, QUALITY, WINDOW);
        encoder.write_all(part).ok()?;
        drop(encoder);
        Some(counter.0)
    };
    in_parts(bytes, size)
}

fn in_parts(bytes: &[u8], size: impl Fn(&[u8]) -> Option<u64> + Send + Sync) -> Option<u64> {
    match bytes.len() {
        0 => size(&[]),
        _ => bytes.par_chunks(PART).map(size).sum(),
    }
}

/// Counts what is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_is_compressed() {
        let text = "let a = 1;".repeat(1000);
        let gzip = gzip_size(text.as_bytes()).unwrap();
        let brotli = brotli_size(text.as_bytes()).unwrap();
        assert!((20..200).contains(&gzip), "{gzip}");
        assert!((8..gzip).contains(&brotli), "{brotli}");
    }
}
