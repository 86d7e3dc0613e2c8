using CortexMl.Files;

namespace CortexMl.Tensors;

/// <summary>Writes .npy files, version 1.0, C order, little-endian: the bytes that numpy.save writes.</summary>
public static class NpyWriter
{
    public static void Write(Stream stream, Tensor tensor)
    {
        stream.Write(NpyHeader.Write(tensor));
        stream.Write(tensor.Bytes);
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0103.</exception>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream => Write(stream, tensor));
}
