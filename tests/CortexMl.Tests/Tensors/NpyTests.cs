using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Tensors;

public sealed class NpyTests
{
    private static byte[] Npy(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] length = version == 1 ? [(byte)text.Length, 0] : [(byte)text.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    private static string Error(byte[] bytes) => Assert.Throws<DiagnosticException>(() => NpyReader.Read(bytes, "x.npy")).Message;

    private static byte[] Written(Tensor tensor)
    {
        var stream = new MemoryStream();
        NpyWriter.Write(stream, tensor);
        return stream.ToArray();
    }

    [Fact]
    public void Written_header_is_what_numpy_writes()
    {
        byte[] bytes = Written(Tensor.Create(Shape.Of(1, 2), new float[] { 1, 2 }));
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", Encoding.ASCII.GetString(bytes, 10, 118).TrimEnd());
        Assert.Equal(128 + 8, bytes.Length);
    }

    [Fact]
    public void Every_element_type_survives_a_round_trip()
    {
        Tensor[] tensors =
        [
            Tensor.Vector((Half)1.5, (Half)(-2)), Tensor.Vector(1.5f, -2f), Tensor.Vector(1.5, -2),
            Tensor.Vector<sbyte>(-128, 127), Tensor.Vector<byte>(0, 255),
            Tensor.Vector<short>(-2, 300), Tensor.Vector<ushort>(2, 65535), Tensor.Vector(-2, 1 << 30), Tensor.Vector(uint.MaxValue),
            Tensor.Vector(long.MinValue, 5), Tensor.Vector(ulong.MaxValue), Tensor.Vector(true, false), Tensor.Scalar(7),
            Tensor.Zeros<float>(Shape.Of(0, 3)),
        ];
        foreach (var tensor in tensors)
        {
            var read = NpyReader.Read(Written(tensor), "x.npy");
            Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
            Assert.Equal(tensor.Bytes.ToArray(), read.Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Big_endian_is_read_in_every_version(byte version)
    {
        var read = NpyReader.Read(Npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", [1, 2, 0xff, 0xfe], version), "x.npy");
        Assert.Equal(new short[] { 258, -2 }, ((Tensor<short>)read).Data);
    }

    [Fact]
    public void Fortran_order_becomes_row_major()
    {
        var read = NpyReader.Read(Npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6]), "x.npy");
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, ((Tensor<byte>)read).Data);
    }

    [Fact]
    public void Truncation_at_any_byte_is_a_diagnostic()
    {
        byte[] whole = Written(Tensor.Create(Shape.Of(2, 2), new float[] { 1, 2, 3, 4 }));
        for (int length = 0; length < whole.Length; length++)
            Assert.StartsWith("error CML0104", Error(whole[..length]));
    }

    [Theory]
    [InlineData("(7, 1000000)", "shape [7, 1000000] of F64 needs 56000000 bytes, but only 1 follows the header")]
    [InlineData("(2000000000, 2000000000, 2000000000)", "shape (2000000000, 2000000000, 2000000000) has more than 2147483647 elements")]
    [InlineData("(2000000000, 2000000000, 2000000000, 0)", "has more than 2147483647 elements")]
    public void A_shape_beyond_the_file_is_refused_before_allocation(string shape, string expected) =>
        Assert.Contains(expected, Error(Npy($"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}", [0])));

    [Theory]
    [InlineData("{'descr': 'O', 'fortran_order': False, 'shape': (2,), }", "element type 'O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "structured types")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "dimension '-2'")]
    public void What_cannot_be_held_is_named(string header, string expected) => Assert.Contains(expected, Error(Npy(header, [0, 0])));

    [Fact]
    public void Another_file_type_is_not_mistaken_for_npy() =>
        Assert.Contains("this is not a .npy file", Error(Encoding.ASCII.GetBytes("{\"nodes\": []}")));

    [Fact]
    public void A_missing_file_says_so() => Assert.StartsWith(
        "error CML0101: there is no file 'no-such-folder/x.npy'",
        Assert.Throws<DiagnosticException>(() => NpyReader.Read("no-such-folder/x.npy")).Message);
}
