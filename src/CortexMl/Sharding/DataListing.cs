using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CortexMl.Data;

namespace CortexMl.Sharding;

/// <summary>
/// What data consist of, told without reading them: names below their folder and lengths of all files, in the order of the samples.
/// </summary>
public static class DataListing
{
    /// <summary>The fact that parts of one run share. Other contents under the same names and lengths do not show.</summary>
    public static PartFact FactOf(SampleSource samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, length) in samples.Listing)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {name}\n")));
        return new("data", samples.Description, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
