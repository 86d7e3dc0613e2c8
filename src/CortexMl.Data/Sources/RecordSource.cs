using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>
/// Records of equal size, one after the other: a little-endian label of 0, 1 or 2 bytes, then the elements. CIFAR-10 records are a label
/// byte and the planes R, G, B of 32x32; photo records are the same for the size and the number of classes of ImageNet's networks, a label
/// of two bytes and planes of 224x224, a format that nobody but this project writes; raw binary files have no label.
/// </summary>
public sealed class RecordSource : IRawSource
{
    public const int CifarRecord = 1 + 3 * 32 * 32;

    public const int PhotoRecord = 2 + 3 * 224 * 224;

    private readonly StoredBytes _bytes;
    private readonly string _name;
    private readonly DType _type;
    private readonly Shape _sample;
    private readonly int _labelBytes, _record;

    /// <exception cref="DiagnosticException">CML0802: the file is no whole number of records.</exception>
    public RecordSource(byte[] bytes, string name, DType type, Shape sample, int labelBytes)
        : this(StoredBytes.Of(bytes), name, type, sample, labelBytes)
    {
    }

    internal RecordSource(StoredBytes bytes, string name, DType type, Shape sample, int labelBytes)
    {
        long record = labelBytes + sample.Count * type.Size();
        if (record is <= 0 or > int.MaxValue || bytes.Length % record != 0 || bytes.Length / record > int.MaxValue)
            throw new DiagnosticException(DataCodes.Malformed,
                $"{Counted.Of(bytes.Length, "byte is", "bytes are")} no whole number of records of {Counted.Of(record, "byte")} "
                + $"({sample} {DTypeNames.Of(type)})",
                SourceLocation.At(name, record > 0 ? bytes.Length / record * record : 0),
                "check --shape and --dtype, or copy the file again: it may be cut off");
        (_bytes, _name, _type, _sample, _labelBytes, _record) = (bytes, name, type, sample, labelBytes, (int)record);
    }

    public static RecordSource Cifar(byte[] bytes, string name) => Cifar(StoredBytes.Of(bytes), name);

    internal static RecordSource Cifar(StoredBytes bytes, string name) => new(bytes, name, DType.U8, Shape.Of(3, 32, 32), 1);

    public static RecordSource Photos(byte[] bytes, string name) => Photos(StoredBytes.Of(bytes), name);

    internal static RecordSource Photos(StoredBytes bytes, string name) => new(bytes, name, DType.U8, Shape.Of(3, 224, 224), 2);

    public int Count => (int)(_bytes.Length / _record);

    public bool HasPlanes => _labelBytes > 0;

    /// <summary>Only the bytes that hold them are read.</summary>
    public IEnumerable<int?> Labels
    {
        get
        {
            using var open = _bytes.Open();
            for (int i = 0; i < Count; i++) yield return Label(open.Read((long)i * _record, _labelBytes));
        }
    }

    public IEnumerable<(string Name, long Length)> Listing => [(_name, _bytes.Length)];

    public string Description => string.Create(CultureInfo.InvariantCulture, $"{_name} ({Count} x {_sample} {DTypeNames.Of(_type)})");

    public IEnumerable<RawSample> Read() => Read(0, Count);

    public IEnumerable<RawSample> Read(int first, int count) => At(Enumerable.Range(first, count));

    public IEnumerable<RawSample> Read(IReadOnlyList<int> indices) => At(indices);

    private int? Label(ReadOnlySpan<byte> record) => _labelBytes switch { 0 => null, 1 => record[0], _ => record[0] | record[1] << 8 };

    private IEnumerable<RawSample> At(IEnumerable<int> indices)
    {
        using var open = _bytes.Open();
        foreach (int index in indices)
        {
            byte[] record = open.Read((long)index * _record, _record);
            yield return new(TensorBytes.Read(_type, _sample, record.AsSpan(_labelBytes)), Label(record),
                string.Create(CultureInfo.InvariantCulture, $"record {index} of {_name}"));
        }
    }
}
