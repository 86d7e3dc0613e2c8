namespace CortexMl.Cvm.Params;

/// <summary>Constants of the params file (CortexMl.Cvm/SPECIFICATION.md §3). All numbers are little-endian, nothing is padded.</summary>
internal static class ParamsFormat
{
    public const ulong ListMagic = 0xF7E58D4F05049CB7;
    public const ulong TensorMagic = 0xDD5E40F096B4A13F;
    public const int CpuDevice = 1;
    public const int FormalDevice = 3;
    public const byte SignedInteger = 0;
}
