using CortexMl.Diagnostics;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Tensors;

public sealed class NpzTests
{
    private static byte[] Written(params (string, Tensor)[] arrays)
    {
        var stream = new MemoryStream();
        NpzWriter.Write(stream, arrays);
        return stream.ToArray();
    }

    [Fact]
    public void Arrays_come_back_in_their_order()
    {
        using var npz = new NpzReader(Written(("images", Tensor.Vector(1f, 2f)), ("a.labels", Tensor.Vector(3))), "x.npz");
        Assert.Equal(["images", "a.labels"], npz.Keys);
        Assert.Equal([1f, 2f], ((Tensor<float>)npz.Read("images")).Data);
        Assert.Equal([3], ((Tensor<int>)npz.Read("a.labels")).Data);
    }

    [Fact]
    public void Writing_twice_gives_the_same_bytes() => Assert.Equal(Written(("x", Tensor.Vector(1))), Written(("x", Tensor.Vector(1))));

    [Fact]
    public void A_missing_array_lists_what_there_is()
    {
        using var npz = new NpzReader(Written(("x", Tensor.Vector(1)), ("y", Tensor.Vector(1))), "x.npz");
        Assert.Equal("error CML0105: there is no array 'z'\n  --> x.npz\n  help: the file holds: x, y",
            Assert.Throws<DiagnosticException>(() => npz.Read("z")).Message);
    }

    [Fact]
    public void Truncation_at_any_byte_is_a_diagnostic()
    {
        byte[] whole = Written(("x", Tensor.Vector(1)));
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<DiagnosticException>(() => new NpzReader(whole[..length], "x.npz").Read("x"));
    }
}
